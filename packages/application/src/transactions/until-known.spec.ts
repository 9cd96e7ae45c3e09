import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AbortedError,
  AmbiguousCommitError,
  ConnectionError,
  DatabaseClosedError,
  ExecutionConflictError,
  TimeoutError,
} from '../errors.js';
import { untilKnown } from './until-known.js';

const ambiguous = new AmbiguousCommitError();
const lost = new ConnectionError('CONNECTION_FAILED', 'nobody there');
const locked = new TimeoutError('LOCK_TIMEOUT', 'still locked');
const refused = new ExecutionConflictError('some-id');

describe('untilKnown', () => {
  let sent = 0;
  /** A command that ends in these ways, one after the other, and then well. */
  const command = (...ends: Error[]) => {
    sent = 0;
    return () => {
      const end = ends[sent];
      sent += 1;
      return end ? Promise.reject(end) : Promise.resolve('done');
    };
  };
  const settled = async (promise: Promise<unknown>) => {
    const [result] = await Promise.all([Promise.allSettled([promise]), vi.runAllTimersAsync()]);
    return result[0];
  };

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sends a command once that says what became of it', async () => {
    expect(await settled(untilKnown(command()))).toMatchObject({ value: 'done' });
    expect(sent).toBe(1);
  });

  it.each([
    ['is refused for its content', refused],
    ['did not reach the database', lost],
    ['waited for a lock in vain', locked],
  ])('passes on the error of a command that %s: nothing was written', async (_, error) => {
    expect(await settled(untilKnown(command(error)))).toMatchObject({ reason: error });
    expect(sent).toBe(1);
  });

  it('sends the same command again while nobody knows', async () => {
    expect(await settled(untilKnown(command(ambiguous, ambiguous)))).toMatchObject({ value: 'done' });
    expect(sent).toBe(3);
  });

  it('goes on when a later attempt brings no answer, which says nothing of the first', async () => {
    expect(await settled(untilKnown(command(ambiguous, lost, locked, ambiguous, lost)))).toMatchObject({
      value: 'done',
    });
    expect(sent).toBe(6);
  });

  it('passes on what a later attempt is refused for: then the first had no effect, or another one', async () => {
    expect(await settled(untilKnown(command(ambiguous, refused)))).toMatchObject({ reason: refused });
    expect(sent).toBe(2);
  });

  it.each([
    ['its own signal was aborted', new AbortedError()],
    ['the database was closed meanwhile', new DatabaseClosedError()],
    ['the server refuses the password now', new ConnectionError('AUTHENTICATION_FAILED', 'another password')],
  ])('says that nobody knows when a later attempt cannot be made because %s', async (_, end) => {
    const result = await settled(untilKnown(command(ambiguous, end)));
    expect(result).toMatchObject({ reason: { code: 'AMBIGUOUS_COMMIT', cause: end } });
    expect(sent).toBe(2);
    expect(await settled(untilKnown(command(end)))).toMatchObject({ reason: end });
  });

  it('says that nobody knows when its time is over', async () => {
    const ends = Array.from({ length: 1_000 }, () => lost);
    expect(await settled(untilKnown(command(ambiguous, ...ends), { timeoutMs: 10_000 }))).toMatchObject({
      reason: ambiguous,
    });
    expect(sent).toBeLessThan(30);
  });

  it('says that nobody knows when it is aborted', async () => {
    const controller = new AbortController();
    const result = untilKnown(command(ambiguous, lost, lost, lost), { signal: controller.signal });
    controller.abort(new Error('shutting down'));
    expect(await settled(result)).toMatchObject({
      reason: { code: 'AMBIGUOUS_COMMIT', cause: { code: 'ABORTED' } },
    });
  });
});

import { BlotterError, ValidationError, type ValidationCode } from '@blotter/domain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DUPLICATE_KEYS } from '../duplicate-keys.js';
import {
  AbortedError,
  AmbiguousCommitError,
  CommandConflictError,
  CommitFailedError,
  ConcurrencyError,
  ConfigurationError,
  ConnectionError,
  DatabaseClosedError,
  DatabaseError,
  DuplicateError,
  ExecutionConflictError,
  IntegrityError,
  LimitBreachedError,
  MissingPriceError,
  NotFoundError,
  PoolExhaustedError,
  ResourcesExhaustedError,
  StatementRefusedError,
  TimeoutError,
  TransactionConflictError,
  TransactionNotActiveError,
  UnitOfWorkBusyError,
  type ConnectionErrorCode,
} from '../errors.js';
import { isRepeatable, withRetry } from './retry.js';

const conflict = new ConcurrencyError('order', 'some-id');
const connection = (code: ConnectionErrorCode) => new ConnectionError(code, 'no connection');

const TABLE: readonly (readonly [error: BlotterError, repeatable: boolean])[] = [
  [conflict, true],
  [new TransactionConflictError('SERIALIZATION_FAILURE'), true],
  [new TransactionConflictError('DEADLOCK'), true],
  [connection('CONNECTION_LOST'), true],
  [connection('SERVER_UNAVAILABLE'), true],
  [new TransactionConflictError('STATEMENT_OUTDATED'), true],
  [connection('CONNECTION_FAILED'), true],
  [connection('READ_ONLY_SERVER'), true],
  [connection('AUTHENTICATION_FAILED'), false],
  [connection('DATABASE_MISSING'), false],
  [new AmbiguousCommitError(), false],
  [new AmbiguousCommitError({ cause: connection('CONNECTION_LOST') }), false],
  [new CommitFailedError(), false],
  [new NotFoundError('order', 'some-id'), false],
  [new CommandConflictError('order', 'some-id'), false],
  [new ExecutionConflictError('some-id'), false],
  [new LimitBreachedError('some-id', []), false],
  [new MissingPriceError('some-id', 'AAPL'), false],
  [new IntegrityError('orders_portfolio_fkey'), false],
  [new PoolExhaustedError('no session'), false],
  [new TimeoutError('TIMEOUT', 'too late'), false],
  [new TimeoutError('LOCK_TIMEOUT', 'still locked'), false],
  [new ResourcesExhaustedError('53100'), false],
  [new AbortedError(), false],
  [new UnitOfWorkBusyError(), false],
  [new StatementRefusedError('UNDEFINED_VALUE'), false],
  [new TransactionNotActiveError({ cause: conflict }), false],
  [new DatabaseError('25006'), false],
  [new ConfigurationError('no url'), false],
  [new DatabaseClosedError(), false],
  [new DuplicateError('order', 'some key'), false],
  [new ValidationError('INVALID_ORDER' satisfies ValidationCode, 'malformed'), false],
];

describe('isRepeatable', () => {
  it.each(TABLE.map(([error, repeatable]) => [error.name, error.code, repeatable, error] as const))(
    'says of %s %s: %s',
    (_name, _code, repeatable, error) => {
      expect(isRepeatable(error)).toBe(repeatable);
    },
  );

  it.each(Object.values(DUPLICATE_KEYS))('says of a duplicate $key: $repeatable', ({ key, repeatable }) => {
    expect(isRepeatable(new DuplicateError(undefined, key, { repeatable }))).toBe(repeatable);
  });

  it('says yes of what is repeated by choice when it was chosen, and of nothing else for that', () => {
    const also = ['LOCK_TIMEOUT'] as const;
    expect(isRepeatable(new TimeoutError('LOCK_TIMEOUT', 'still locked'), also)).toBe(true);
    expect(isRepeatable(new TimeoutError('TIMEOUT', 'too late'), also)).toBe(false);
    expect(isRepeatable(new ResourcesExhaustedError('53100'), also)).toBe(false);
    expect(isRepeatable(new ResourcesExhaustedError('53100'), ['RESOURCES_EXHAUSTED'])).toBe(true);
    expect(isRepeatable(new AmbiguousCommitError(), also)).toBe(false);
  });

  it('says no of what is not our own, whatever its code', () => {
    expect(isRepeatable(new Error('a mistake'))).toBe(false);
    expect(isRepeatable(Object.assign(new Error('foreign'), { code: 'CONCURRENCY' }))).toBe(false);
    expect(isRepeatable(undefined)).toBe(false);
  });
});

describe('withRetry', () => {
  let attempts = 0;
  /** Fails so many times, then succeeds. */
  const failing = (times: number, error: Error = conflict) => {
    attempts = 0;
    return () => {
      attempts += 1;
      return attempts <= times ? Promise.reject(error) : Promise.resolve('done');
    };
  };

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it('returns the result of the first attempt that succeeds', async () => {
    const result = withRetry(failing(3));
    await vi.runAllTimersAsync();
    expect(await result).toBe('done');
    expect(attempts).toBe(4);
  });

  it.each([
    [1, 1],
    [3, 3],
    [0, 1],
    [undefined, 10],
  ])('given %s attempts, makes %s and throws the error of the last', async (allowed, made) => {
    const result = expect(withRetry(failing(100), { attempts: allowed })).rejects.toBe(conflict);
    await vi.runAllTimersAsync();
    await result;
    expect(attempts).toBe(made);
  });

  it('goes on when whoever is told of the repetitions throws', async () => {
    const onRetry = vi.fn(() => {
      throw new Error('The disk is full.');
    });
    const result = withRetry(failing(2), { onRetry });
    await Promise.all([expect(result).resolves.toBe('done'), vi.runAllTimersAsync()]);
    expect(onRetry).toHaveBeenCalledTimes(2);
  });

  it('makes one attempt of what cannot be cured, above all of what may have been committed', async () => {
    const ambiguous = new AmbiguousCommitError({ cause: connection('CONNECTION_LOST') });
    await expect(withRetry(failing(1, ambiguous))).rejects.toBe(ambiguous);
    expect(attempts).toBe(1);
  });

  it('tells of each repetition before its wait: which attempt failed, of what, and how long the wait is', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const told: unknown[] = [];
    const result = withRetry(failing(2), { initialDelayMs: 10, onRetry: (retry) => told.push(retry) });
    await vi.runAllTimersAsync();
    await result;
    expect(told).toEqual([
      { attempt: 1, error: conflict, waitMs: 5 },
      { attempt: 2, error: conflict, waitMs: 10 },
    ]);
  });

  it('waits up to a bound that doubles from the first delay to the longest', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999_999);
    const delays = vi.spyOn(globalThis, 'setTimeout');
    const options = { initialDelayMs: 10, maxDelayMs: 60, attempts: 6 };
    const result = expect(withRetry(failing(100), options)).rejects.toBe(conflict);
    await vi.runAllTimersAsync();
    await result;
    expect(delays.mock.calls.map(([, delay]) => delay)).toEqual([9, 19, 39, 59, 59]);
  });

  it('waits at random from zero upwards: full jitter', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const delays = vi.spyOn(globalThis, 'setTimeout');
    const result = withRetry(failing(4));
    await vi.runAllTimersAsync();
    expect(await result).toBe('done');
    expect(delays.mock.calls.map(([, delay]) => delay)).toEqual([0, 0, 0, 0]);
  });

  it('begins no attempt after its time, and does not sit out a wait that would end later', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999_999);
    const start = Date.now();
    const options = { withinMs: 250, initialDelayMs: 100, maxDelayMs: 100, attempts: 100 };
    const result = expect(withRetry(failing(100), options)).rejects.toBe(conflict);
    await vi.runAllTimersAsync();
    await result;
    expect(attempts).toBe(3);
    expect(Date.now() - start).toBeLessThanOrEqual(250);
  });

  it('ends the wait when it is aborted, with the reason of the signal as cause, and makes no further attempt', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const controller = new AbortController();
    const reason = new Error('shutting down');
    const options = { initialDelayMs: 1_000, signal: controller.signal };
    const result = expect(withRetry(failing(100), options)).rejects.toMatchObject({ code: 'ABORTED', cause: reason });
    await vi.advanceTimersByTimeAsync(100);
    controller.abort(reason);
    await result;
    expect(vi.getTimerCount()).toBe(0);
    expect(attempts).toBe(1);
  });

  it('makes no attempt once it was aborted', async () => {
    const reason = new Error('shutting down');
    await expect(withRetry(failing(0), { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
      code: 'ABORTED',
      cause: reason,
    });
    expect(attempts).toBe(0);
  });

  it('does not interrupt the attempt under way when it is aborted: its result stands', async () => {
    const controller = new AbortController();
    const result = withRetry(
      () => {
        controller.abort(new Error('shutting down'));
        return Promise.resolve('done');
      },
      { signal: controller.signal },
    );
    expect(await result).toBe('done');
  });
});

import { Interruption } from '@blotter/application';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Turns } from './turns.js';

const LIMITS = { longestMs: 60_000, patienceMs: 3_600_000, maxWaiting: 4 };
const patient = new Interruption();

let turns: Turns;
/** Who had a turn, in the order in which they had it. */
let had: string[];

beforeEach(() => {
  vi.useFakeTimers();
  turns = new Turns(LIMITS);
  had = [];
});
afterEach(() => vi.useRealTimers());

async function take(key: string, who: string, interruption = patient): Promise<() => void> {
  const giveBack = await turns.take(key, interruption);
  had.push(who);
  return giveBack;
}

/** Everything that can happen by now has happened. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

test('turns come in the order in which they were asked for, one at a time', async () => {
  const [first, second] = [take('a', 'first'), take('a', 'second')];
  const third = take('a', 'third');
  await settle();
  expect(had).toEqual(['first']);
  (await first)();
  await settle();
  expect(had).toEqual(['first', 'second']);
  (await second)();
  (await third)();
  expect(had).toEqual(['first', 'second', 'third']);
});

test('who gives a turn back twice gives back no other', async () => {
  const first = await take('a', 'first');
  const second = take('a', 'second');
  void take('a', 'third');
  first();
  await second;
  first();
  await settle();
  expect(had).toEqual(['first', 'second']);
});

test('a turn of another key does not wait', async () => {
  await take('a', 'first');
  await take('b', 'second');
  expect(had).toEqual(['first', 'second']);
});

test('who is interrupted while it waits gives its place up, and lets nobody before those ahead of it', async () => {
  const first = await take('a', 'first');
  const controller = new AbortController();
  const interrupted = take('a', 'interrupted', new Interruption({ signal: controller.signal }));
  const last = take('a', 'last');
  controller.abort();
  await expect(interrupted).rejects.toMatchObject({ code: 'ABORTED' });
  await settle();
  expect(had).toEqual(['first']);
  first();
  await last;
  expect(had).toEqual(['first', 'last']);
});

test('who is interrupted while it has the turn keeps it until it gives it back', async () => {
  const controller = new AbortController();
  const first = await take('a', 'first', new Interruption({ signal: controller.signal }));
  const second = take('a', 'second');
  controller.abort();
  await settle();
  expect(had).toEqual(['first']);
  first();
  await second;
});

test('a turn that is forgotten ends by itself', async () => {
  await take('a', 'forgetful');
  const second = take('a', 'second');
  await vi.advanceTimersByTimeAsync(LIMITS.longestMs - 1);
  expect(had).toEqual(['forgetful']);
  await vi.advanceTimersByTimeAsync(1);
  await second;
  expect(had).toEqual(['forgetful', 'second']);
});

test('who has waited for long enough goes on, and those behind wait for it too, no longer than it did', async () => {
  turns = new Turns({ ...LIMITS, patienceMs: 30_000 });
  const first = await take('a', 'first');
  const second = take('a', 'second');
  await vi.advanceTimersByTimeAsync(20_000);
  const third = take('a', 'third');
  await vi.advanceTimersByTimeAsync(9_999);
  expect(had).toEqual(['first']);
  await vi.advanceTimersByTimeAsync(1);
  expect(had).toEqual(['first', 'second']);
  first();
  await settle();
  expect(had).toEqual(['first', 'second']);
  (await second)();
  await third;
  void take('a', 'fourth');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(had).toEqual(['first', 'second', 'third', 'fourth']);
});

test('where too many wait already, whoever comes next goes on at once', async () => {
  await take('a', 'holder');
  for (let waiting = 0; waiting < LIMITS.maxWaiting; waiting += 1) void take('a', 'patient');
  await take('a', 'one too many');
  await take('b', 'of another key');
  expect(had).toEqual(['holder', 'one too many', 'of another key']);
});

test('nothing is kept of turns that are over', async () => {
  for (const key of ['a', 'b', 'a']) (await take(key, key))();
  const holder = await take('c', 'holder');
  const controller = new AbortController();
  const interrupted = take('c', 'interrupted', new Interruption({ signal: controller.signal }));
  controller.abort();
  await expect(interrupted).rejects.toMatchObject({ code: 'ABORTED' });
  expect(turns).not.toEqual(new Turns(LIMITS));
  holder();
  await settle();
  expect(turns).toEqual(new Turns(LIMITS));
  expect(vi.getTimerCount()).toBe(0);
});

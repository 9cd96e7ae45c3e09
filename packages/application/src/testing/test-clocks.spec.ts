import { OrderId, Timestamp } from '@blotter/domain';
import { describe, expect, it } from 'vitest';
import { SequentialIds } from './sequential-ids.js';
import { FixedClock, SteppingClock } from './test-clocks.js';

const start = Timestamp.of('2026-01-05T12:00:00Z');

describe('FixedClock', () => {
  it('stands still until it is set', () => {
    const clock = new FixedClock(start);
    expect([clock.now(), clock.now()]).toEqual([start, start]);
    const later = Timestamp.of('2026-01-06');
    clock.set(later);
    expect(clock.now()).toBe(later);
  });
});

describe('SteppingClock', () => {
  it('moves on with every look', () => {
    const clock = new SteppingClock(start, 250);
    expect([clock.now(), clock.now(), clock.now()]).toEqual([
      start,
      '2026-01-05T12:00:00.250000Z',
      '2026-01-05T12:00:00.500000Z',
    ]);
  });
});

describe('SequentialIds', () => {
  it('makes the same ids in every run: UUIDs of version 7 in ascending order', () => {
    const ids = new SequentialIds();
    const first = Array.from({ length: 20 }, () => ids.next());
    expect(first[0]).toBe('00000000-0000-7000-8000-000000000001');
    expect([...first].sort()).toEqual(first);
    for (const id of first) expect(OrderId.of(id)).toMatch(/^.{14}7.{4}8/);
    expect(new SequentialIds(1).next()).not.toBe(first[0]);
  });
});

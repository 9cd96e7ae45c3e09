import { describe, expect, it } from 'vitest';
import { Tally } from '../session/tally.js';
import { jsonLine } from './json-line.js';

function lineOf(difference: string): unknown {
  const tally = Object.assign(new Tally(), { orders: 10, executions: 25, duplicatesIgnored: 3, snapshots: 4 });
  return JSON.parse(jsonLine({ sessions: 2, tally, tradingSeconds: 2, seconds: 3.25, proof: { difference } }));
}

describe('the line for machines', () => {
  it('says what happened', () => {
    expect(lineOf('0')).toEqual({
      sessions: 2,
      orders: 10,
      executions: 25,
      duplicatesIgnored: 3,
      snapshots: 4,
      fillsPerSecond: 12.5,
      difference: 0,
      seconds: 3.3,
    });
  });

  it('gives a difference exactly', () => {
    expect(lineOf('12345678901234567890.000000000000000001')).toHaveProperty(
      'difference',
      '12345678901234567890.000000000000000001',
    );
  });
});

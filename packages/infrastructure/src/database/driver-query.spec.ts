import { describe, expect, it } from 'vitest';
import { onAnswer, type DriverQuery } from './driver-query.js';

/** A query as the driver makes it, and what it is asked to do. */
function anyQuery() {
  const asked: string[] = [];
  const query: DriverQuery = {
    state: null,
    args: [],
    resolve: () => asked.push('resolved by the driver’s own'),
    reject: () => asked.push('rejected by the driver’s own'),
    values: () => undefined,
    execute: () => asked.push('sent'),
  };
  const heard: unknown[] = [];
  onAnswer(
    query,
    (answer) => heard.push(['answered', answer]),
    (error) => heard.push(['failed', error]),
  );
  return { query, asked, heard };
}

describe('the answer to a query of the driver', () => {
  it('is handed over once, and not to the driver’s own promise', () => {
    const { query, asked, heard } = anyQuery();
    const rows = [['a row']];
    query.resolve(rows);
    query.resolve(rows);
    query.reject(new Error('too late'));
    expect(heard).toEqual([['answered', rows]]);
    expect(asked).toEqual(['sent']);
  });

  it('is what went wrong, once', () => {
    const { query, asked, heard } = anyQuery();
    const error = new Error('refused');
    query.reject(error);
    query.resolve([]);
    expect(heard).toEqual([['failed', error]]);
    expect(asked).toEqual(['sent']);
  });

  it.each(['resolve', 'reject'] as const)('cannot be reached from the query after it was told to %s', (settle) => {
    const { query } = anyQuery();
    const { resolve, reject } = query;
    query[settle]([]);
    expect(query.resolve).not.toBe(resolve);
    expect(query.reject).not.toBe(reject);
  });
});

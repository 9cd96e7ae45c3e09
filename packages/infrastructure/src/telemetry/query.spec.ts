import { describe, expect, it } from 'vitest';
import { namedQuery, plainQuery, transactionQuery } from './query.js';

describe('what a query is called', () => {
  it.each([
    ['order_by_client_order_id', 'order by client order id', 'SELECT'],
    ['portfolio_lock', 'portfolio lock', 'SELECT'],
    ['execution_insert', 'execution insert', 'INSERT'],
    ['order_execution_write', 'order execution write', 'WITH'],
    ['mark_upsert', 'mark upsert', 'INSERT'],
    ['position_update', 'position update', 'UPDATE'],
    ['order_delete', 'order delete', 'DELETE'],
  ])('of the statement %s is "%s", %s', (name, summary, operation) => {
    expect(namedQuery(name)).toEqual({ summary, operation });
    // The attributes are kept by the query, so it must be the same one each time.
    expect(namedQuery(name)).toBe(namedQuery(name));
  });

  it.each([
    ["select * from orders where id = 'canary'", 'SELECT'],
    ['\n  Insert into orders values (1)', 'INSERT'],
    ['commit', 'COMMIT'],
    ['rollback to savepoint unit_1', 'ROLLBACK'],
  ])('of plain SQL is its first word: %j', (text, command) => {
    expect(plainQuery(text)).toEqual({ summary: command, operation: command });
  });

  it.each(['canary', "'canary'", '/* canary */ select 1', ''])(
    'of what is no command says nothing of it: %j',
    (text) => {
      expect(plainQuery(text)).toEqual({ summary: 'postgresql', operation: undefined });
    },
  );

  it('of a transaction has its name in it', () => {
    expect(transactionQuery('record execution').summary).toBe('TRANSACTION record execution');
    expect(transactionQuery(undefined)).toEqual({ summary: 'TRANSACTION', operation: 'TRANSACTION' });
  });
});

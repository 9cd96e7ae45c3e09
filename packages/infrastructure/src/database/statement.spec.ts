import { and, eq, sql } from 'drizzle-orm';
import { describe, expect, it, vi } from 'vitest';
import { executions } from '../executions/execution-table.js';
import { orders } from '../orders/order-table.js';
import { statement, type Parameters, type QueryBuilder } from './statement.js';

const { placeholder } = sql;

const selectOrder = (builder: QueryBuilder) =>
  builder
    .select({ id: orders.id })
    .from(orders)
    .where(
      and(eq(orders.status, 'FILLED'), eq(orders.clientOrderId, placeholder('name')), sql`${placeholder('no')} = 1`),
    );

describe('a statement', () => {
  it('is built once, and not before it is used', () => {
    const build = vi.fn(selectOrder);
    const select = statement('order', build);
    expect(build).not.toHaveBeenCalled();
    for (const name of ['a', 'b']) expect(select.valuesOf({ name, no: 1 })).toEqual(['FILLED', name, 1]);
    expect(select.text).toBe(
      'select "id" from "orders" where ("orders"."status" = $1 and "orders"."client_order_id" = $2 and $3 = 1)',
    );
    expect(build).toHaveBeenCalledTimes(1);
  });

  it('refuses a placeholder without a value, and names it', () => {
    const select = statement('order', selectOrder);
    expect(() => select.valuesOf({ no: 1 })).toThrow('"name"');
    expect(() => select.valuesOf({ name: 'a' })).toThrow('"no"');
    // As a program without types would.
    expect(() => select.valuesOf({ name: undefined, no: 1 } as unknown as Parameters)).toThrow('"name"');
  });

  it('sends null as null, and else what the column makes of a value', () => {
    const insert = statement('order_tags', (builder) =>
      builder.update(orders).set({ tags: sql`${sql.param(placeholder('tags'), orders.tags)}` }),
    );
    expect(insert.valuesOf({ tags: null })).toEqual([null]);
    expect(insert.valuesOf({ tags: { signal: 'breakout' } })).toEqual([
      orders.tags.mapToDriverValue({ signal: 'breakout' }),
    ]);
  });

  it('makes rows of what it selects', () => {
    const select = statement<unknown>('sequences', (builder) =>
      builder.select({ sequence: executions.sequence, name: sql`'a'` }).from(executions),
    );
    expect(select.rowsOf([['9007199254740991', 'a']])).toMatchObject([{ sequence: 9007199254740991, name: 'a' }]);
    expect(select.rowsOf([])).toEqual([]);
  });
});

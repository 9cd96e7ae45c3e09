import type postgres from 'postgres';
import { FILLING, portfolioId, PORTFOLIOS } from './layout.js';

/** Rows that are not what the executions add up to; all fills of the benchmark buy. */
const WRONG_ROWS = `
  select
    (select count(*) from portfolios left join (
        select portfolio_id, count(*), sum(quantity * price) as notional, sum(commission) as commission, max(sequence) as last
        from executions group by 1) as fills on portfolio_id = id
      where (cash, commissions, last_sequence) is distinct from
        (deposits - coalesce(notional, 0) - coalesce(commission, 0), coalesce(commission, 0), coalesce(count + 1, last_sequence))) +
    (select count(*) from positions left join (
        select portfolio_id, symbol, sum(quantity) as filled, sum(quantity * price) as notional
        from executions group by 1, 2) as fills using (portfolio_id, symbol)
      where (quantity, cost_basis, invested) is distinct from (filled, notional, notional)) +
    (select count(*) from orders left join (
        select order_id, sum(quantity) as filled, sum(quantity * price) as notional
        from executions group by 1) as fills on order_id = id
      where (filled_quantity, filled_notional) is distinct from (coalesce(filled, 0), coalesce(notional, 0)))
    as wrong`;

/** New orders that are not what newOrder made of the number in their name; `$1` says whether their broker has them. */
const WRONG_ORDERS = `
  select count(*) as wrong
  from orders, lateral (select substring(client_order_id from '^N-([0-9]+)$')::bigint as made) as named
  where client_order_id not like 'C-%' and
    (portfolio_id, symbol, quantity, limit_price, status, broker_order_id, submitted_at) is distinct from (
      ('${portfolioId(0).slice(0, -12)}' || lpad((made % ${PORTFOLIOS} + 1)::text, 12, '0'))::uuid,
      'SYM' || (made - 1) % ${FILLING} + 1, 1 + made % 500 + 0.000000000000000001, 50 + made % 100 + 0.25,
      case when $1 then 'SUBMITTED' else 'PENDING' end::order_status,
      case when $1 then 'B-' || client_order_id end, case when $1 then created_at end)`;

/** The same of executions and newFill; that they are of the right orders shows in what these were filled by. */
const WRONG_EXECUTIONS = `
  select count(*) as wrong
  from executions, lateral (select substring(broker_execution_id from '^N-([0-9]+)$')::bigint as made) as named
  where broker_execution_id not like 'E-%' and
    (quantity, price, commission) is distinct from (1 + made % 9 + 0.000000001, 10 + made % 5 + 0.123456789, 0.35)`;

/** New orders and executions that do not say what their contestant was given. @param areSubmitted whether the orders were submitted */
export async function countWrongNewRows(sql: postgres.Sql, areSubmitted: boolean): Promise<number> {
  const [orders] = await sql.unsafe<{ wrong: string }[]>(WRONG_ORDERS, [areSubmitted]);
  const [executions] = await sql.unsafe<{ wrong: string }[]>(WRONG_EXECUTIONS);
  return Number(orders?.wrong) + Number(executions?.wrong);
}

/** How many rows there are: what a caller was told is done must be there. */
export async function countRows(sql: postgres.Sql): Promise<{ readonly orders: number; readonly executions: number }> {
  const [row] = await sql<{ orders: number; executions: number }[]>`
    select (select count(*)::int from orders) as orders, (select count(*)::int from executions) as executions`;
  return row ?? { orders: 0, executions: 0 };
}

/** Portfolios, positions and orders that do not agree with their executions to the last decimal: an update was lost, or a float was used. */
export async function countWrongRows(sql: postgres.Sql): Promise<number> {
  const [row] = await sql.unsafe<{ wrong: string }[]>(WRONG_ROWS);
  return Number(row?.wrong);
}

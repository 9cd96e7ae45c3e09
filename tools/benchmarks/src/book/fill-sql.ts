import { ACTIVE, FILLING, orderId, portfolioId, PORTFOLIOS, SNAPSHOTS } from './layout.js';

const PREFIX = (id: string) => `'${id.slice(0, 24)}'`;
const ORDER_ID = (number: string) => `(${PREFIX(orderId(0))} || lpad((${number})::text, 12, '0'))::uuid`;
const PORTFOLIO_ID = (number: string) => `(${PREFIX(portfolioId(0))} || lpad((${number})::text, 12, '0'))::uuid`;

/** Statements that fill an empty book as layout.ts has it; `$orders` of them. Whoever proves it finds no difference. */
export function fillSql(orders: number): readonly string[] {
  const first = Math.floor(orders / 5);
  const others = PORTFOLIOS - 1;
  return [
    `create temporary table placed as
       select number,
         case when number <= ${first} then 1 else 2 + (number - ${first} - 1) % ${others} end as portfolio,
         case when number <= ${first} then number else (number - ${first} - 1) / ${others} + 1 end as place
       from generate_series(1, ${orders}) as number`,
    // What each filling order has been filled by so far: 100 at 10.5, for a commission of 0.35.
    `insert into portfolios (id, name, currency, tags, cash, deposits, withdrawals, realised_pnl, commissions, trade_count,
         win_count, loss_count, gross_profit, gross_loss, last_sequence, opened_at, version)
       select ${PORTFOLIO_ID('number')}, 'Portfolio ' || number, 'USD', '{}', 1000000000 - ${FILLING} * (100 * 10.5 + 0.35), 1000000000,
         0, 0, ${FILLING} * 0.35, 0, 0, 0, 0, 0, 1 + ${FILLING}, '2015-01-01Z', 1
       from generate_series(1, ${PORTFOLIOS}) as number`,
    `insert into cash_movements (id, portfolio_id, sequence, kind, amount, currency, at)
       select id, id, 1, 'DEPOSIT', deposits, 'USD', opened_at from portfolios`,
    `insert into orders (id, portfolio_id, client_order_id, broker_order_id, symbol, side, quantity, type, limit_price, time_in_force,
         multiplier, currency, tags, status, filled_quantity, filled_notional, commission, created_at, submitted_at, closed_at, version)
       select ${ORDER_ID('number')}, ${PORTFOLIO_ID('portfolio')}, 'C-' || number, 'B-' || number,
         'SYM' || (place - 1) % ${FILLING} + 1, 'BUY',
         case when place <= ${FILLING} then 1000000000000
           else (100 + number % 900 || '.123456789012345' || lpad((number % 1000)::text, 3, '0'))::numeric end,
         'LIMIT', 50 + number % 100 + 0.25, 'GTC', 1, 'USD', '{}',
         (case when place <= ${FILLING} then 'PARTIALLY_FILLED' when place <= ${ACTIVE} then 'SUBMITTED'
           when number % 3 = 0 then 'EXPIRED' else 'CANCELLED' end)::order_status,
         case when place <= ${FILLING} then 100 else 0 end, case when place <= ${FILLING} then 1050 else 0 end,
         case when place <= ${FILLING} then 0.35 else 0 end, moment, moment,
         case when place > ${ACTIVE} then moment + interval '1 hour' end, 2
       from placed, lateral (select timestamptz '2015-01-01Z' + number * interval '1 minute' as moment) as created`,
    `insert into executions (id, portfolio_id, sequence, order_id, venue, broker_execution_id, symbol, side, quantity, price,
         multiplier, commission, currency, executed_at, recorded_at)
       select id, portfolio_id, 1 + place, id, 'XNAS', 'E-' || number, symbol, 'BUY', 100, 10.5, 1, 0.35, 'USD', created_at, created_at
       from placed join orders on id = ${ORDER_ID('number')} where place <= ${FILLING}`,
    `insert into positions (id, portfolio_id, symbol, currency, multiplier, quantity, cost_basis, realised_pnl, commission, invested,
         max_value, tags, opened_at, version)
       select id, portfolio_id, symbol, 'USD', 1, 100, 1050, 0, 0.35, 1050, 1050, '{}', executed_at, 1 from executions`,
    `insert into marks (symbol, price, at) select 'SYM' || number, 11.25, '2026-01-01Z' from generate_series(1, ${FILLING}) as number`,
    `insert into portfolio_snapshots (id, portfolio_id, taken_at, sequence, currency, cash, deposits, withdrawals, realised_pnl,
         commissions, cost_basis, market_value, open_positions, unmarked_positions, marks)
       select ${ORDER_ID('number')}, ${PORTFOLIO_ID('1')}, timestamptz '2015-01-01Z' + number * interval '1 day', 1, 'USD',
         1000000000, 1000000000, 0, 0, 0, 0, 0, 0, 0, '{}'
       from generate_series(1, ${SNAPSHOTS}) as number`,
    'drop table placed',
    'analyze',
  ];
}

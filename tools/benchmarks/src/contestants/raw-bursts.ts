import postgres from 'postgres';
import type { Fill } from '../book/inputs.js';
import type { OpenBook, OpenOptions } from './contestant.js';
import { bookFill, type OrderRow, type PortfolioRow, type PositionRow } from './fill-arithmetic.js';
import {
  EXECUTION_COLUMNS,
  FIND_ORDER,
  HELD_POSITION,
  MOMENTS,
  placeholders,
  PORTFOLIO,
  prepared,
  type MomentsAsText,
} from './raw.js';

type Client = postgres.Sql<MomentsAsText>;

/** SQLSTATE of require_one: somebody else was faster. */
const OVERTAKEN = 'BL001';

const WRITE = `with
  portfolio as (update portfolios set cash = $2, commissions = $3, last_sequence = $4, version = $5
    where id = $1 and version = $5 - 1 returning id),
  filled as (update orders set status = $7, filled_quantity = $8, filled_notional = $9, commission = $10, version = $11
    where id = $6 and version = $11 - 1 returning id),
  held as (update positions set quantity = $13, cost_basis = $14, commission = $15, invested = $16, max_value = $17, version = $18
    where id = $12 and version = $18 - 1 returning id),
  execution as (insert into executions (${EXECUTION_COLUMNS})
    values (${placeholders(EXECUTION_COLUMNS, 18)}))
  select require_one('portfolio', $1, (select count(*) from portfolio)),
    require_one('order', $6, (select count(*) from filled)), require_one('position', $12, (select count(*) from held))`;

/**
 * A fill by the driver alone in two bursts, as Blotter sends it: three reads without locks, pipelined, and one statement that is the
 * whole transaction and checks the versions inside the server. With no layer over it, it is what this way can give on these tables.
 */
export async function open({ url, sessions }: OpenOptions): Promise<OpenBook> {
  const options = { max: 1, onnotice: () => undefined, types: { moments: MOMENTS } };
  const clients = Array.from({ length: sessions }, () => postgres(url, options));
  await Promise.all(clients.map((client) => client`select 1`));
  let turn = 0;
  const next = () => clients[(turn += 1) % clients.length];
  return {
    recordFill: (fill) => recordFill(next(), fill),
    close: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}

async function recordFill(sql: Client | undefined, fill: Fill): Promise<void> {
  if (sql === undefined) throw new Error('There is no connection.');
  const { portfolioId, orderId, symbol } = fill;
  const [[portfolio], [order], [position]] = await Promise.all([
    prepared<PortfolioRow>(sql, PORTFOLIO, [portfolioId]),
    prepared<OrderRow>(sql, FIND_ORDER, [orderId]),
    prepared<PositionRow>(sql, HELD_POSITION, [portfolioId, symbol]),
  ]);
  if (!portfolio || !order || !position) throw new Error('The book is not filled.');
  const booked = bookFill(fill, portfolio, order, position);
  const values = [
    [portfolioId, ...Object.values(booked.portfolio)],
    [orderId, ...Object.values(booked.order)],
    [position.id, ...Object.values(booked.position)],
    Object.values(booked.execution),
  ];
  try {
    await prepared(sql, WRITE, values.flat());
  } catch (error) {
    // The sequence of its execution may have been taken before its version is looked at.
    const isOvertaken = error instanceof postgres.PostgresError && [OVERTAKEN, '23505'].includes(error.code);
    if (!isOvertaken) throw error;
    await recordFill(sql, fill);
  }
}

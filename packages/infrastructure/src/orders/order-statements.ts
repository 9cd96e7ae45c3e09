import { and, asc, eq, gte, lte, ne, sql, type SQL } from 'drizzle-orm';
import { arrayOf } from '../database/array-literal.js';
import { pageClauses, type Direction } from '../database/rows.js';
import { statement, statementById } from '../database/statement.js';
import type { OrderRow } from './order-mapper.js';
import { orders } from './order-table.js';

const { placeholder } = sql;

export const selectOrder = statementById<OrderRow>('order_by_id', (database) =>
  database
    .select()
    .from(orders)
    .where(eq(orders.id, placeholder('id'))),
);

export const lockOrder = statement<OrderRow[]>('order_lock', (database) =>
  database
    .select()
    .from(orders)
    .where(eq(orders.id, placeholder('id')))
    .for('no key update'),
);

export const selectOrders = statement<OrderRow[]>('orders_by_ids', (database) =>
  database
    .select()
    .from(orders)
    .where(sql`${orders.id} = any(${arrayOf('ids', 'uuid')})`),
);

export const lockOrders = statement<OrderRow[]>('orders_lock', (database) =>
  database
    .select()
    .from(orders)
    .where(sql`${orders.id} = any(${arrayOf('ids', 'uuid')})`)
    .orderBy(asc(orders.id))
    .for('no key update'),
);

export const selectOrderByClientOrderId = statement<OrderRow[]>('order_by_client_order_id', (database) =>
  database
    .select()
    .from(orders)
    .where(
      and(eq(orders.portfolioId, placeholder('portfolioId')), eq(orders.clientOrderId, placeholder('clientOrderId'))),
    ),
);

export const selectOrderByBrokerOrderId = statement<OrderRow[]>('order_by_broker_order_id', (database) =>
  database
    .select()
    .from(orders)
    .where(
      and(eq(orders.portfolioId, placeholder('portfolioId')), eq(orders.brokerOrderId, placeholder('brokerOrderId'))),
    ),
);

export const selectOrdersByClientOrderIds = statement<OrderRow[]>('orders_by_client_order_ids', (database) =>
  database
    .select()
    .from(orders)
    .where(
      sql`(${orders.portfolioId}, ${orders.clientOrderId})
        in (select * from unnest(${arrayOf('portfolioIds', 'uuid')}, ${arrayOf('clientOrderIds', 'text')}))`,
    ),
);

// The statuses are literals: a prepared statement with a parameter would not use the partial index.
const isActive = sql`${orders.status} in ('PENDING', 'SUBMITTED', 'PARTIALLY_FILLED')`;

export const selectActiveOrderWithOtherMultiplier = statement<OrderRow[]>(
  'order_active_with_other_multiplier',
  (database) =>
    database
      .select()
      .from(orders)
      .where(
        and(
          eq(orders.portfolioId, placeholder('portfolioId')),
          eq(orders.symbol, placeholder('symbol')),
          ne(orders.multiplier, placeholder('multiplier')),
          isActive,
        ),
      )
      .orderBy(asc(orders.createdAt), asc(orders.id))
      .limit(1),
);

/** One for each of the keys, for a symbol may have many. */
export const selectActiveOrdersWithOtherMultipliers = statement<OrderRow[]>(
  'orders_active_with_other_multipliers',
  (database) =>
    database
      .select()
      .from(orders)
      .where(
        sql`${orders.id} in (
          select (select id from orders where portfolio_id = key.portfolio_id and symbol = key.symbol
            and multiplier <> key.multiplier and status in ('PENDING', 'SUBMITTED', 'PARTIALLY_FILLED') limit 1)
          from unnest(${arrayOf('portfolioIds', 'uuid')}, ${arrayOf('symbols', 'text')}, ${arrayOf('multipliers', 'numeric')})
            as key (portfolio_id, symbol, multiplier))`,
      ),
);

export const streamOrders = statement<OrderRow[]>('orders_stream', (database) => database.select().from(orders));
export const streamOrdersOfPortfolio = statement<OrderRow[]>('orders_stream_of_portfolio', (database) =>
  database
    .select()
    .from(orders)
    .where(eq(orders.portfolioId, placeholder('portfolioId')))
    .orderBy(asc(orders.createdAt), asc(orders.id)),
);

const list = (name: string, ...conditions: readonly SQL[]) => {
  const inDirection = (direction: Direction) =>
    statement<OrderRow[]>(`orders_${name}_${direction}`, (database) => {
      const keys = { first: orders.createdAt, second: orders.id };
      const page = pageClauses(keys, direction, eq(orders.portfolioId, placeholder('portfolioId')), ...conditions);
      return database
        .select()
        .from(orders)
        .where(page.where)
        .orderBy(...page.orderBy)
        .limit(placeholder('limit'));
    });
  return { oldest: inDirection('oldest'), newest: inDirection('newest') };
};

export const listActiveOrders = list('active', isActive);
export const listOrdersBySymbol = list('by_symbol', eq(orders.symbol, placeholder('symbol')));
export const listOrdersByStatus = list('by_status', eq(orders.status, placeholder('status')));
export const listOrdersCreatedBetween = list(
  'created_between',
  gte(orders.createdAt, placeholder('from')),
  lte(orders.createdAt, placeholder('to')),
);

/** The columns that an update may change. */
export const ORDER_CHANGES = [
  'brokerOrderId',
  'tags',
  'status',
  'filledQuantity',
  'filledNotional',
  'commission',
  'reason',
  'submittedAt',
  'filledAt',
  'closedAt',
  'version',
] as const;

import {
  BrokerOrderId,
  CashMovementId,
  Currency,
  Decimal,
  Money,
  ORDER_STATUSES,
  Order,
  OrderTerms,
  Portfolio,
  Price,
  Quantity,
  SnapshotId,
  snapshotOf,
  StrategyName,
  Tags,
  Ticker,
  Timestamp,
  type OrderStatus,
} from '@blotter/domain';
import {
  anyClosedPosition,
  anyExecutionOf,
  anyMark,
  anyMovementOf,
  anyNewOrder,
  anyPortfolio,
  anyPosition,
  anyUuid,
  arbitraryAmount,
  arbitraryCommission,
  arbitraryMultiplier,
  arbitraryPrice,
  arbitraryQuantity,
} from '@blotter/domain/testing';
import { getTableColumns } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { executionFromRow, executionToRow } from './executions/execution-mapper.js';
import { executions } from './executions/execution-table.js';
import { marks } from './marks/mark-table.js';
import { markFromRow, markToRow } from './marks/postgres-mark-repository.js';
import { orderFromRow, orderToRow } from './orders/order-mapper.js';
import { orders } from './orders/order-table.js';
import { cashMovements } from './portfolios/cash-movement-table.js';
import { portfolioFromRow, portfolioToRow } from './portfolios/portfolio-mapper.js';
import { portfolios } from './portfolios/portfolio-table.js';
import { cashMovementFromRow, cashMovementToRow } from './portfolios/postgres-cash-movement-repository.js';
import { positionFromRow, positionToRow } from './positions/position-mapper.js';
import { positions } from './positions/position-table.js';
import { snapshotFromRow, snapshotToRow } from './snapshots/snapshot-mapper.js';
import { portfolioSnapshots } from './snapshots/snapshot-table.js';

const USD = Currency.of('USD');

describe('an order comes back from its row as it was', () => {
  test.each(ORDER_STATUSES)('when it is %s', (status) => {
    fc.assert(
      fc.property(arbitraryOrder(status), (order) => {
        expect(order.status).toBe(status);
        expect(orderFromRow(asStored(orders, orderToRow(order)))).toEqual(order);
      }),
    );
  });

  test('when it was filled in part and then cancelled, and when it was filled beyond its quantity', () => {
    fc.assert(
      fc.property(arbitraryOrder('PARTIALLY_FILLED'), arbitraryTime(), arbitraryPrice(), (order, at, price) => {
        const overfilled = order.fill(anyExecutionOf(order, { quantity: order.quantity, price }));
        expect(overfilled.isOverfilled).toBe(true);
        for (const after of [order.cancel(at, 'enough'), overfilled]) {
          expect(orderFromRow(asStored(orders, orderToRow(after)))).toEqual(after);
        }
      }),
    );
  });
});

test('a position comes back from its row as it was: long, short and closed, with and without stops', () => {
  const stop = fc.option(arbitraryPositivePrice(), { nil: undefined });
  const arbitrary = fc
    .record({
      size: arbitraryQuantity(),
      cost: arbitraryAmount(),
      short: fc.boolean(),
      closed: fc.boolean(),
      figures: fc.record({
        multiplier: arbitraryMultiplier(),
        realisedPnl: arbitrarySigned(),
        commission: arbitraryCommission(),
        invested: arbitraryAmount(),
        maxValue: arbitraryAmount(),
        stopLoss: stop,
        takeProfit: stop,
        strategy: arbitraryStrategy(),
        tags: arbitraryTags(),
        openedAt: arbitraryTime(),
        version: arbitraryVersion(),
      }),
      closedAt: arbitraryTime(),
    })
    .map(({ size, cost, short, closed, figures, closedAt }) =>
      closed
        ? anyClosedPosition({ ...figures, closedAt })
        : anyPosition({
            ...figures,
            quantity: short ? size.negated() : size,
            costBasis: short ? cost.negated() : cost,
          }),
    );
  fc.assert(
    fc.property(arbitrary, (position) => {
      expect(positionFromRow(asStored(positions, positionToRow(position)))).toEqual(position);
    }),
  );
});

test('an execution comes back from its row as it was', () => {
  const arbitrary = fc
    .tuple(
      arbitraryOrder('SUBMITTED'),
      fc.record({
        quantity: arbitraryQuantity(),
        price: arbitraryPrice(),
        commission: arbitraryCommission(),
        sequence: arbitraryVersion(),
        executedAt: arbitraryTime(),
        recordedAt: arbitraryTime(),
      }),
    )
    .map(([order, given]) => anyExecutionOf(order, given));
  fc.assert(
    fc.property(arbitrary, (execution) => {
      expect(executionFromRow(asStored(executions, executionToRow(execution)))).toEqual(execution);
    }),
  );
});

test('a portfolio comes back from its row as it was, with and without limits', () => {
  fc.assert(
    fc.property(arbitraryPortfolio(), (portfolio) => {
      expect(portfolioFromRow(asStored(portfolios, portfolioToRow(portfolio)))).toEqual(portfolio);
    }),
  );
});

test('a snapshot comes back from its row as it was', () => {
  const arbitrary = fc.tuple(arbitraryPortfolio(), arbitraryTime(), arbitraryPositivePrice(), fc.boolean());
  fc.assert(
    fc.property(arbitrary, ([portfolio, takenAt, price, isMarked]) => {
      const position = anyPosition({ portfolioId: portfolio.id });
      const mark = isMarked ? anyMark({ price }) : undefined;
      const snapshot = snapshotOf(SnapshotId.of(anyUuid()), takenAt, portfolio, [{ position, mark }]);
      expect(snapshotFromRow(asStored(portfolioSnapshots, snapshotToRow(snapshot)))).toEqual(snapshot);
    }),
  );
});

test('a snapshot that was stored before marks were kept has none, which is not the same as having been valued at cost', () => {
  const row = snapshotToRow(snapshotOf(SnapshotId.of(anyUuid()), Timestamp.of('2026-01-05'), anyPortfolio(), []));
  expect(snapshotFromRow(asStored(portfolioSnapshots, row)).marks).toEqual({});
  expect(snapshotFromRow(asStored(portfolioSnapshots, { ...row, marks: null })).marks).toBeUndefined();
});

test('a cash movement comes back from its row as it was', () => {
  const kinds = fc.constantFrom('DEPOSIT' as const, 'WITHDRAWAL' as const);
  fc.assert(
    fc.property(arbitraryAmount(), kinds, arbitraryVersion(), arbitraryTime(), (amount, kind, sequence, at) => {
      const id = CashMovementId.of(anyUuid());
      const movement = anyMovementOf(anyPortfolio(), { id, amount, kind, sequence, at });
      expect(cashMovementFromRow(asStored(cashMovements, cashMovementToRow(movement)))).toEqual(movement);
    }),
  );
});

test('a mark comes back from its row as it was', () => {
  fc.assert(
    fc.property(arbitraryPrice(), arbitraryTime(), (price, at) => {
      const mark = anyMark({ symbol: Ticker.of('BTC-USD'), price, at });
      expect(markFromRow(asStored(marks, markToRow(mark)))).toEqual(mark);
    }),
  );
});

/** The row as PostgreSQL gives it: 18 decimals, its own way to write a moment, JSON read anew. */
function asStored<Table extends PgTable>(table: Table, row: Table['$inferSelect']): Table['$inferSelect'] {
  const columns = getTableColumns(table);
  const stored = Object.entries(row).map(([name, value]) => [name, valueAsStored(columns[name]?.columnType, value)]);
  // The names are the row's own, and each value keeps its type.
  return Object.fromEntries(stored) as Table['$inferSelect'];
}

function valueAsStored(columnType: string | undefined, value: unknown): unknown {
  if (columnType === undefined) throw new Error('The row has a field that the table does not have.');
  if (columnType === 'PgJsonb') return JSON.parse(JSON.stringify(value)) as unknown;
  if (typeof value !== 'string') return value;
  if (columnType === 'PgTimestampString') return value.replace('T', ' ').replace(/\.?0*Z$/, '+00');
  if (columnType !== 'PgNumeric') return value;
  const [whole = '', decimals = ''] = value.split('.');
  return `${whole}.${decimals.padEnd(18, '0')}`;
}

function arbitraryOrder(status: OrderStatus): fc.Arbitrary<Order> {
  return fc
    .record({
      order: fc.record({
        side: fc.constantFrom('BUY' as const, 'SELL' as const),
        // Two units at least, so that a half of it can be filled.
        quantity: arbitraryQuantity().map((quantity) => quantity.plus(Quantity.of('0.000000000000000001'))),
        terms: arbitraryTerms(),
        timeInForce: fc.constantFrom('DAY' as const, 'GTC' as const, 'IOC' as const, 'FOK' as const),
        multiplier: arbitraryMultiplier(),
        strategy: arbitraryStrategy(),
        tags: arbitraryTags(),
        createdAt: arbitraryTime(),
      }),
      at: arbitraryTime(),
      price: arbitraryPrice(),
      commission: arbitraryCommission(),
      version: arbitraryVersion(),
    })
    .map(({ order, version, ...events }) =>
      stepTo(status, Order.create(anyNewOrder(order)), events).atVersion(version),
    );
}

function stepTo(
  status: OrderStatus,
  order: Order,
  { at, price, commission }: { readonly at: Timestamp; readonly price: Price; readonly commission: Money },
): Order {
  const submitted = order.submit(BrokerOrderId.of('B-17'), at);
  switch (status) {
    case 'PENDING':
      return order;
    case 'SUBMITTED':
      return submitted;
    case 'PARTIALLY_FILLED':
      return submitted.fill(
        anyExecutionOf(order, { quantity: Quantity.of('0.000000000000000001'), price, commission }),
      );
    case 'FILLED':
      return submitted.fill(anyExecutionOf(order, { price, commission, executedAt: at }));
    case 'CANCELLED':
      return submitted.cancel(at);
    case 'REJECTED':
      return submitted.reject(at, 'no such account');
    case 'EXPIRED':
      return submitted.expire(at, 'the day is over');
  }
}

function arbitraryTerms(): fc.Arbitrary<OrderTerms> {
  const price = arbitraryPositivePrice();
  return fc.oneof(
    fc.constant(OrderTerms.market),
    price.map((limit) => OrderTerms.limit(limit)),
    price.map((stop) => OrderTerms.stop(stop)),
    fc.tuple(price, price).map(([stop, limit]) => OrderTerms.stopLimit(stop, limit)),
  );
}

function arbitraryPortfolio(): fc.Arbitrary<Portfolio> {
  const ratio = arbitraryQuantity().map((quantity) => new Decimal(quantity.toString()));
  return fc
    .record({
      opened: fc.record({
        strategy: arbitraryStrategy(),
        tags: arbitraryTags(),
        openedAt: arbitraryTime(),
        limits: fc.record(
          {
            maxPositionValue: arbitraryAmount(),
            maxOpenPositions: fc.nat({ max: 100 }),
            maxLeverage: ratio,
            maxRiskPerOrder: ratio,
          },
          { requiredKeys: [] },
        ),
      }),
      figures: fc.record({
        cash: arbitrarySigned(),
        deposits: arbitraryAmount(),
        withdrawals: arbitraryAmount(),
        realisedPnl: arbitrarySigned(),
        commissions: arbitrarySigned(),
        grossProfit: arbitraryAmount(),
        grossLoss: arbitraryAmount().map((amount) => amount.negated()),
        winCount: fc.nat(),
        lossCount: fc.nat(),
        lastSequence: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
        version: arbitraryVersion(),
      }),
    })
    .map(({ opened, figures }) => {
      const { id, name, currency, strategy, tags, limits, openedAt } = anyPortfolio(opened);
      const tradeCount = figures.winCount + figures.lossCount;
      return Portfolio.restore({ id, name, currency, strategy, tags, limits, openedAt, tradeCount, ...figures });
    });
}

function arbitraryPositivePrice(): fc.Arbitrary<Price> {
  return arbitraryQuantity().map((quantity) => Price.of(quantity.toString()));
}

function arbitrarySigned(): fc.Arbitrary<Money> {
  return fc
    .tuple(arbitraryAmount(USD), fc.boolean())
    .map(([amount, isNegative]) => (isNegative ? amount.negated() : amount));
}

/** With microseconds, whole seconds among them. */
function arbitraryTime(): fc.Arbitrary<Timestamp> {
  const date = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  const micros = fc.oneof(fc.constantFrom(0, 1, 120_000, 999_999), fc.nat({ max: 999_999 }));
  return fc
    .tuple(date, micros)
    .map(([day, part]) => Timestamp.of(`${day.toISOString().slice(0, 19)}.${String(part).padStart(6, '0')}Z`));
}

function arbitraryStrategy(): fc.Arbitrary<StrategyName | undefined> {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/).map((text) => StrategyName.of(text));
  return fc.option(name, { nil: undefined });
}

function arbitraryTags(): fc.Arbitrary<Tags> {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((tag) => tag.length <= 256);
  return fc.dictionary(text, text, { maxKeys: 5 }).map((tags) => Tags.of(tags));
}

function arbitraryVersion(): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: 2_000_000_000 });
}

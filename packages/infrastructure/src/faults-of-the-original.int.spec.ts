import { Blotter, ConcurrencyError, DuplicateError, IntegrityError, type UnitOfWork } from '@blotter/application';
import {
  BrokerOrderId,
  CashMovementId,
  InvalidTransitionError,
  Money,
  Order,
  OrderId,
  Price,
  Quantity,
  SnapshotId,
  Ticker,
  Timestamp,
  ValidationError,
  type Execution,
  type Portfolio,
  type PortfolioId,
} from '@blotter/domain';
import {
  anyMark,
  anyNewOrder,
  anyNewPortfolio,
  anyPortfolio,
  anyPosition,
  anyReportOf,
  anyUuid,
} from '@blotter/domain/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/test-database.js';
import { Database } from './database/database.js';
import { Migrator } from './migrations/migrator.js';
import { proveBook } from './proof/prove-book.js';

const AT = Timestamp.of('2026-01-05T14:30:00Z');
const AAPL = Ticker.of('AAPL');

let storage: TestDatabase;
let database: Database;
let blotter: Blotter;

beforeAll(async () => {
  storage = await createTestDatabase();
  database = await Database.connect(storage.config);
  blotter = new Blotter(database);
});
afterAll(async () => {
  await database.close();
  await storage.drop();
});

describe('every portfolio loaded all open positions of the database', () => {
  test('two strategies never see each other’s positions, orders, executions or snapshots', async () => {
    const [mine, theirs] = [await funded(), await funded()];
    await trade(mine, 'BUY', '10', '100');
    await trade(theirs, 'SELL', '3', '101');
    await snapshot(mine, AT);

    const { positions } = await database.read.portfolios.getWithPositions(mine.id);
    expect(positions.map(({ position }) => position.quantity.toString())).toEqual(['10']);
    expect((await database.read.positions.findOpen(theirs.id, AAPL))?.position.quantity.toString()).toBe('-3');
    const lists = [
      await database.read.positions.listOpen(mine.id),
      await database.read.positions.listBySymbol(mine.id, AAPL),
      await database.read.orders.listBySymbol(mine.id, AAPL),
      await database.read.executions.list(mine.id),
    ];
    expect(lists.map(({ items }) => items.length)).toEqual([1, 1, 1, 1]);
    expect(await database.read.snapshots.findLatest(theirs.id)).toBeUndefined();
  });

  test('every row of a strategy has the key of a portfolio that is there', async () => {
    const keys = await database.query<{ table: string; nullable: string }>(
      `select conrelid::regclass::text as table, is_nullable as nullable
       from pg_constraint join information_schema.columns on table_name = conrelid::regclass::text and column_name = 'portfolio_id'
       where contype = 'f' and confrelid = 'portfolios'::regclass order by 1`,
    );
    const tables = ['cash_movements', 'executions', 'orders', 'portfolio_snapshots', 'positions'];
    expect(keys).toEqual(tables.map((table) => ({ table, nullable: 'NO' })));
  });
});

describe('what contradicts itself was accepted', () => {
  test('a duplicate broker fill is counted once', async () => {
    const { id } = await funded();
    const order = await place(id, 'BUY', '10');
    const report = anyReportOf(order, { quantity: Quantity.of(4) });
    const first = await blotter.recordExecution(report);
    const second = await blotter.recordExecution(report);

    expect([first.alreadyRecorded, second.alreadyRecorded]).toEqual([false, true]);
    expect((await database.read.orders.get(order.id)).filledQuantity.toString()).toBe('4');
    expect((await database.read.portfolios.get(id)).cash.amount).toBe('9600');
    expect((await database.read.executions.list(id)).items).toHaveLength(1);
  });

  test('a duplicate broker fill is refused by the table itself', async () => {
    const portfolio = await funded();
    await trade(portfolio, 'BUY', '10', '100');
    const columns = `portfolio_id, 99, order_id, venue, broker_execution_id, symbol, side, quantity, price, multiplier,
      commission, currency, executed_at, recorded_at`;
    const again = `insert into executions select gen_random_uuid(), ${columns} from executions where portfolio_id = $1`;
    await expect(database.query(again, [portfolio.id])).rejects.toThrow(DuplicateError);
  });

  test('a FILLED order with a filled quantity of 0 is refused by the table itself', async () => {
    const order = await place((await funded()).id, 'BUY', '10');
    const refused = database.query(`update orders set status = 'FILLED' where id = $1`, [order.id]);
    await expect(refused).rejects.toMatchObject({ code: 'INTEGRITY', constraint: 'orders_filled_check' });

    const columns = `portfolio_id, 'another', null, symbol, side, quantity, type, limit_price, stop_price, time_in_force,
      multiplier, currency, strategy, tags, 'FILLED', 0, 0, 0, null, created_at, null, now(), null, 1`;
    const insert = database.query(`insert into orders select $1, ${columns} from orders where id = $2`, [
      anyUuid(),
      order.id,
    ]);
    await expect(insert).rejects.toMatchObject({ code: 'INTEGRITY', constraint: 'orders_filled_check' });
    expect((await database.read.orders.get(order.id)).status).toBe('PENDING');
  });

  test('two open positions for one symbol are refused by the table itself', async () => {
    const portfolio = await funded();
    await trade(portfolio, 'BUY', '10', '100');
    const second = blotter.transactions.execute(async (unit) => {
      unit.positions.save(anyPosition({ portfolioId: portfolio.id }));
      await unit.flush();
    });
    await expect(second).rejects.toMatchObject({ code: 'DUPLICATE', entity: 'position' });
    expect((await database.read.positions.listOpen(portfolio.id)).items).toHaveLength(1);
  });

  test('a position that is open and holds nothing, or closed and holds something, is refused by the table itself', async () => {
    const portfolio = await funded();
    await trade(portfolio, 'BUY', '10', '100');
    const changes = ['quantity = 0, cost_basis = 0', 'closed_at = now()'];
    for (const change of changes) {
      const refused = database.query(`update positions set ${change} where portfolio_id = $1`, [portfolio.id]);
      await expect(refused).rejects.toMatchObject({ constraint: 'positions_closed_check' });
    }
  });
});

describe('the money of shorts, commissions and flips', () => {
  test('selling short brings cash in, and P&L and cash agree when it is bought back dearer', async () => {
    const portfolio = await funded();
    await trade(portfolio, 'SELL', '10', '100');
    expect((await database.read.portfolios.get(portfolio.id)).cash.amount).toBe('11000');
    await trade(portfolio, 'BUY', '10', '110');

    const after = await database.read.portfolios.get(portfolio.id);
    expect([after.cash.amount, after.realisedPnl.amount]).toEqual(['9900', '-100']);
    expect((await database.read.positions.listClosed(portfolio.id)).items[0]?.realisedPnl.amount).toBe('-100');
  });

  test('commission is taken once, and is in every total', async () => {
    const portfolio = await funded();
    await trade(portfolio, 'BUY', '10', '100', '1');
    await trade(portfolio, 'BUY', '10', '100', '4');
    const open = await database.read.positions.findOpen(portfolio.id, AAPL);
    expect(open?.position.commission.amount).toBe('5');
    await trade(portfolio, 'SELL', '20', '110', '2');

    const after = await database.read.portfolios.get(portfolio.id);
    expect(after.cash.amount).toBe('10193');
    expect(after.commissions.amount).toBe('7');
    expect(after.grossProfit.amount).toBe('193');
    const [closed] = (await database.read.positions.listClosed(portfolio.id)).items;
    expect([closed?.commission.amount, closed?.totalPnl().amount]).toEqual(['7', '193']);
    const orders = (await database.read.orders.listByStatus(portfolio.id, 'FILLED')).items;
    expect(orders.map(({ commission }) => commission.amount)).toEqual(['1', '4', '2']);
  });

  test('a fill crosses zero: it closes the long and opens a short', async () => {
    const portfolio = await funded();
    await trade(portfolio, 'BUY', '10', '100');
    await trade(portfolio, 'SELL', '15', '110');

    const open = await database.read.positions.findOpen(portfolio.id, AAPL);
    expect([open?.position.quantity.toString(), open?.position.costBasis.amount]).toEqual(['-5', '-550']);
    const [closed] = (await database.read.positions.listClosed(portfolio.id)).items;
    expect(closed?.realisedPnl.amount).toBe('100');
    expect((await proveBook(database, { portfolioIds: [portfolio.id] })).difference).toBe('0');
  });

  test('an execution of a negative quantity is refused by the table itself', async () => {
    const portfolio = await funded();
    const { order } = await trade(portfolio, 'BUY', '10', '100');
    const columns = `portfolio_id, 99, order_id, venue, 'other', symbol, side, -1, price, multiplier,
      commission, currency, executed_at, recorded_at`;
    const insert = database.query(
      `insert into executions select gen_random_uuid(), ${columns} from executions where order_id = $1`,
      [order.id],
    );
    await expect(insert).rejects.toMatchObject({ constraint: 'executions_quantity_check' });
  });
});

describe('the life of an order', () => {
  test('EXPIRED is reached, and never becomes CANCELLED', async () => {
    const order = await place((await funded()).id, 'BUY', '10');
    await blotter.expireOrder({ orderId: order.id, at: AT });
    await expect(blotter.cancelOrder({ orderId: order.id, at: AT })).rejects.toThrow(InvalidTransitionError);
    expect((await database.read.orders.get(order.id)).status).toBe('EXPIRED');
  });

  test('SUBMITTED becomes REJECTED', async () => {
    const order = await place((await funded()).id, 'BUY', '10');
    const submitted = await blotter.transactions.execute(async (unit) =>
      unit.orders.save((await unit.orders.getForUpdate(order.id)).submit(BrokerOrderId.of('B-1'), AT)),
    );
    expect(submitted.status).toBe('SUBMITTED');
    await blotter.rejectOrder({ orderId: order.id, at: AT, reason: 'no such account' });
    expect(await database.read.orders.get(order.id)).toMatchObject({ status: 'REJECTED', reason: 'no such account' });
  });
});

describe('updates, removals and saves', () => {
  test.each<[string, (portfolioId: PortfolioId) => { id: string; save: (unit: UnitOfWork) => unknown }]>([
    [
      'portfolio',
      () => {
        const portfolio = anyPortfolio().atVersion(3);
        return { id: portfolio.id, save: (unit) => unit.portfolios.save(portfolio) };
      },
    ],
    [
      'order',
      (portfolioId) => {
        const order = Order.create(anyNewOrder({ portfolioId })).atVersion(3);
        return { id: order.id, save: (unit) => unit.orders.save(order) };
      },
    ],
    [
      'position',
      (portfolioId) => {
        const position = anyPosition({ portfolioId, version: 3 });
        return { id: position.id, save: (unit) => unit.positions.save(position) };
      },
    ],
  ])(
    'an update of a %s that is not there does not succeed: it is a ConcurrencyError that names it',
    async (entity, of) => {
      const { id: portfolioId } = await funded();
      const { id, save } = of(portfolioId);
      const update = blotter.transactions.execute((unit) => Promise.resolve(save(unit)));
      await expect(update).rejects.toMatchObject({ code: 'CONCURRENCY', entity, id });
      const rows = await database.query(`select id from ${entity}s where id = $1`, [id]);
      expect(rows).toEqual([]);
    },
  );

  test('a delete of an existing row succeeds, and a second one is a ConcurrencyError', async () => {
    const order = await place((await funded()).id, 'BUY', '10');
    const remove = () =>
      blotter.transactions.execute((unit) => {
        unit.orders.remove(order);
        return Promise.resolve();
      });
    await remove();
    expect(await database.read.orders.find(order.id)).toBeUndefined();
    await expect(remove()).rejects.toThrow(ConcurrencyError);
  });

  test.each<[string, (unit: UnitOfWork, portfolio: Portfolio) => Promise<void>]>([
    [
      'portfolio',
      async (unit, { id }) => {
        unit.portfolios.remove(await unit.portfolios.get(id));
      },
    ],
    [
      'order',
      async (unit, { id }) => {
        (await unit.orders.listBySymbol(id, AAPL)).items.forEach((order) => {
          unit.orders.remove(order);
        });
      },
    ],
    [
      'position',
      async (unit, { id }) => {
        (await unit.positions.listBySymbol(id, AAPL)).items.forEach((position) => {
          unit.positions.remove(position);
        });
      },
    ],
  ])('removing a %s that has history is refused, and nothing is removed', async (entity, remove) => {
    const portfolio = await funded();
    await trade(portfolio, 'BUY', '10', '100');
    const removal = blotter.transactions.execute((unit) => remove(unit, portfolio));
    await expect(removal).rejects.toThrow(IntegrityError);
    await expect(removal).rejects.toMatchObject({ entity });
    expect(await proveBook(database, { portfolioIds: [portfolio.id] })).toMatchObject({
      difference: '0',
      mismatches: [],
    });
    expect((await database.read.positions.listOpen(portfolio.id)).items).toHaveLength(1);
  });

  test('facts cannot be changed or removed, whoever tries', async () => {
    const portfolio = await funded();
    await trade(portfolio, 'BUY', '10', '100');
    for (const sql of [
      'update executions set price = 1',
      'delete from cash_movements',
      'truncate portfolio_snapshots',
    ]) {
      await expect(database.query(sql)).rejects.toThrow(IntegrityError);
    }
  });

  test('save does not read first: of two callers that insert the same order at once, one gets an error', async () => {
    const { id: portfolioId } = await funded();
    const order = Order.create(anyNewOrder({ portfolioId }));
    const save = () => blotter.transactions.execute((unit) => Promise.resolve(unit.orders.save(order)));
    const outcomes = await Promise.allSettled([save(), save()]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'DUPLICATE', entity: 'order' },
    });
    expect((await database.read.orders.get(order.id)).version).toBe(1);
  });

  test('of two callers that change the same version at once, one gets a ConcurrencyError', async () => {
    const order = await place((await funded()).id, 'BUY', '10');
    const save = (changed: Order) => blotter.transactions.execute((unit) => Promise.resolve(unit.orders.save(changed)));
    const outcomes = await Promise.allSettled([save(order.cancel(AT, 'first')), save(order.expire(AT, 'second'))]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'CONCURRENCY', id: order.id },
    });
  });

  test('the version check does not conflict with itself: a portfolio can be changed, saved and changed again', async () => {
    const { id } = await funded();
    const before = await database.read.portfolios.get(id);
    for (let count = 1; count <= 3; count += 1) await depositTo(id, '1');
    await blotter.transactions.execute(async (unit) => {
      const once = unit.portfolios.save(await unit.portfolios.getForUpdate(id));
      await unit.flush();
      unit.portfolios.save(unit.portfolios.save(once));
    });
    expect((await database.read.portfolios.get(id)).version).toBe(before.version + 6);
  });
});

describe('what did nothing', () => {
  test('a snapshot is stored, and the history returns it as it was taken, not as the portfolio is now', async () => {
    const portfolio = await funded();
    await trade(portfolio, 'BUY', '10', '100');
    await blotter.markToMarket([anyMark({ price: Price.of('123.45'), at: Timestamp.of('2026-01-05T15:00:00Z') })]);
    const taken = await snapshot(portfolio, Timestamp.of('2026-01-05T21:00:00Z'));
    await depositTo(portfolio.id, '5000');
    const later = await snapshot(portfolio, Timestamp.of('2026-01-06T21:00:00Z'));

    const { items } = await database.read.snapshots.listBetween(portfolio.id, taken.takenAt, later.takenAt);
    expect(items).toEqual([taken, later]);
    expect(items.map(({ cash, marketValue }) => [cash.amount, marketValue.amount])).toEqual([
      ['9000', '1234.5'],
      ['14000', '1234.5'],
    ]);
  });

  test('refresh returns the row as it is now', async () => {
    const portfolio = await funded();
    await using unit = database.begin();
    const before = await unit.portfolios.get(portfolio.id);
    await depositTo(portfolio.id, '1');
    const now = await unit.refresh(before);
    expect([before.cash.amount, now.cash.amount]).toEqual(['10000', '10001']);
    expect(now.version).toBe(before.version + 1);
  });

  test.each(['10000000000', '0.00000000023', '99999999999999999999.999999999999999999', '0.000000000000000001'])(
    '%s comes back exactly',
    async (amount) => {
      const portfolio = await funded(amount);
      const order = await place(portfolio.id, 'BUY', amount);

      expect((await database.read.portfolios.get(portfolio.id)).cash.amount).toBe(amount);
      expect((await database.read.cashMovements.list(portfolio.id)).items[0]?.amount.amount).toBe(amount);
      expect((await database.read.orders.get(order.id)).quantity.toString()).toBe(amount);
    },
  );

  test('an amount with more decimals than are kept is refused, not rounded', () => {
    expect(() => Money.of('0.0000000000000000001', 'USD')).toThrow(ValidationError);
  });
});

describe('retry', () => {
  test('does not repeat a validation error', async () => {
    let attempts = 0;
    const work = blotter.transactions.executeWithRetry(async (unit) => {
      attempts += 1;
      await unit.portfolios.findCurrent();
      return Quantity.of('not a number');
    });
    await expect(work).rejects.toThrow(ValidationError);
    expect(attempts).toBe(1);
  });

  test('does not repeat what the database refuses for good', async () => {
    const { id: portfolioId } = await funded();
    await place(portfolioId, 'BUY', '1');
    let attempts = 0;
    const work = blotter.transactions.executeWithRetry(async (unit) => {
      attempts += 1;
      unit.portfolios.remove(await unit.portfolios.get(portfolioId));
    });
    await expect(work).rejects.toThrow(IntegrityError);
    expect(attempts).toBe(1);
  });

  test('repeats a conflict, with jitter: waits that are not all the same', async () => {
    const { id } = await funded();
    let attempts = 0;
    const work = async (unit: UnitOfWork) => {
      attempts += 1;
      const read = await unit.portfolios.get(id);
      if (attempts < 9) await depositTo(id, '1');
      return unit.portfolios.save(read);
    };
    const timers = vi.spyOn(globalThis, 'setTimeout');
    try {
      // The bound does not grow here: without jitter every wait would be the same.
      const options = { initialDelayMs: 32, maxDelayMs: 32 };
      const portfolio = await blotter.transactions.executeWithRetry(work, options);
      expect(portfolio.cash.amount).toBe('10008');
      // The timers of sessions and of the pool are at once, or seconds.
      const waits = timers.mock.calls.map(([, delay]) => delay ?? 0).filter((delay) => delay > 0 && delay <= 32);
      expect(new Set(waits).size).toBeGreaterThan(1);
    } finally {
      timers.mockRestore();
    }
    expect(attempts).toBe(9);
  });

  test('the timeout argument is kept: a statement that takes longer is ended', async () => {
    const impatient = await Database.connect(storage.configWith({ commandTimeoutMs: 200, minPoolSize: 0 }));
    try {
      await expect(impatient.query('select pg_sleep(10)')).rejects.toMatchObject({ code: 'TIMEOUT' });
    } finally {
      await impatient.close();
    }
  });
});

test('automatic reconnection: after the server has ended every session, reads and fills go on', async () => {
  const portfolio = await funded();
  await database.read.portfolios.get(portfolio.id);
  await withOtherConnection((other) =>
    other.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    ),
  );
  expect((await database.read.portfolios.get(portfolio.id)).cash.amount).toBe('10000');
  await trade(portfolio, 'BUY', '10', '100');
  expect((await database.read.portfolios.get(portfolio.id)).cash.amount).toBe('9000');
});

test('the schema can be created in an empty database, and units of work commit there', async () => {
  const empty = await createTestDatabase({ empty: true });
  try {
    const { applied } = await new Migrator(empty.config).up();
    expect(applied.length).toBeGreaterThan(0);
    expect((await new Migrator(empty.config).up()).applied).toEqual([]);

    const fresh = await Database.connect(empty.config);
    try {
      const opened = await new Blotter(fresh).openPortfolio(anyNewPortfolio());
      expect(await fresh.read.portfolios.get(opened.id)).toEqual(opened);
      expect(fresh.statistics().transactions).toEqual({ committed: 1, rolledBack: 0 });
    } finally {
      await fresh.close();
    }
  } finally {
    await empty.drop();
  }
});

async function withOtherConnection(work: (other: Database) => Promise<unknown>): Promise<void> {
  const other = await Database.connect(storage.configWith({ minPoolSize: 0 }));
  try {
    await work(other);
  } finally {
    await other.close();
  }
}

async function funded(amount = '10000'): Promise<Portfolio> {
  const portfolio = await blotter.openPortfolio(anyNewPortfolio());
  await depositTo(portfolio.id, amount);
  return portfolio;
}

async function depositTo(portfolioId: PortfolioId, amount: string): Promise<void> {
  await blotter.deposit({ id: CashMovementId.of(anyUuid()), portfolioId, amount: Money.of(amount, 'USD'), at: AT });
}

function place(portfolioId: PortfolioId, side: Order['side'], quantity: string): Promise<Order> {
  const id = OrderId.of(anyUuid());
  return blotter.placeOrder({ ...anyNewOrder({ id, portfolioId, side }), quantity: Quantity.of(quantity) });
}

async function trade(
  { id }: Portfolio,
  side: Order['side'],
  quantity: string,
  price: string,
  commission = '0',
): Promise<{ order: Order; execution: Execution }> {
  const order = await place(id, side, quantity);
  const report = anyReportOf(order, { price: Price.of(price), commission: Money.of(commission, 'USD') });
  const { execution } = await blotter.recordExecution(report);
  return { order, execution };
}

function snapshot({ id }: Portfolio, takenAt: Timestamp) {
  return blotter.takeSnapshot({ id: SnapshotId.of(anyUuid()), portfolioId: id, takenAt });
}

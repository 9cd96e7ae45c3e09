import { Money, Multiplier, Price, Quantity, Ticker, Timestamp, type MarkedPosition } from '@blotter/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SeededRandom } from '../test/seeded-random.js';
import { openTestBook, type TestBook } from '../test/test-book.js';
import { Trader } from '../test/trader.js';

const SYMBOLS = ['AAPL', 'MSFT', 'BTC-USD', 'GOOG'];

let book: TestBook;
let trader: Trader;

/** Longs, shorts, flips and closed ones, at 18 decimals and with a contract's multiplier; orders in every active status. */
beforeAll(async () => {
  book = await openTestBook();
  trader = await Trader.open(book);
  const stranger = await Trader.open(book);
  await stranger.trade();
  await stranger.place();
  const random = new SeededRandom(5);
  for (let trade = 0; trade < 60; trade += 1) {
    const symbol = random.pick(SYMBOLS);
    await trader.trade({
      symbol,
      side: random.pick(['BUY', 'SELL']),
      quantity: random.pick(['1', '3', '0.333333333333333333', '10']),
      price: `${1 + random.below(500)}.${random.below(1_000_000_000)}7`,
      commission: random.pick(['0', '0.35', '1.000000000000000001']),
      ...(symbol === 'GOOG' && { order: { multiplier: Multiplier.of('0.7') } }),
    });
  }
  const [open, partly] = [await trader.place(), await trader.place()];
  await trader.fill(partly, { quantity: Quantity.of('4'), price: Price.of('101.1') });
  await book.blotter.cancelOrder({ orderId: (await trader.place()).id, at: Timestamp.of('2026-01-05T15:00:00Z') });
  expect(open.isActive).toBe(true);
  for (const symbol of SYMBOLS.slice(0, 3))
    await trader.mark('123.456789012345678901'.slice(0, 20), '2026-01-05T16:00:00Z', symbol);
  await trader.trade({ symbol: 'GOOG', quantity: '2', order: { multiplier: Multiplier.of('0.7') } });
});
afterAll(() => book.drop());

test('active_orders: those that the domain calls active, in the order of the repository', async () => {
  const rows = await book.database.query<{ id: string; status: string }>('select id, status from active_orders($1)', [
    trader.portfolioId,
  ]);
  const { items } = await book.database.read.orders.listActive(trader.portfolioId);
  expect(rows).toEqual(items.map(({ id, status }) => ({ id, status })));
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['PENDING', 'PARTIALLY_FILLED']));
  expect(items.every(({ isActive }) => isActive)).toBe(true);
});

interface Row {
  readonly position_id: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly mark_price: string | null;
  readonly market_value: string | null;
  readonly unrealised_pnl: string | null;
  readonly realised_pnl: string;
  readonly commission: string;
  readonly total_pnl: string | null;
}

describe('position_pnl', () => {
  const amount = (text: string | null) => text && Money.of(text, 'USD').amount;

  test('says of every position what the domain says of it, to the last digit', async () => {
    const rows = await book.database.query<Row>('select * from position_pnl($1)', [trader.portfolioId]);
    const open = (await book.database.read.positions.listOpen(trader.portfolioId)).items;
    const closed = (await book.database.read.positions.listClosed(trader.portfolioId)).items;
    const all: readonly MarkedPosition[] = [...open, ...closed.map((position) => ({ position, mark: undefined }))];
    const said = rows.map((row) => ({
      id: row.position_id,
      symbol: row.symbol,
      quantity: Quantity.of(row.quantity).toString(),
      unrealised: amount(row.unrealised_pnl),
      realised: amount(row.realised_pnl),
      commission: amount(row.commission),
      total: amount(row.total_pnl),
    }));
    const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
    expect([...said].sort(byId)).toEqual(all.map(figuresOf).sort(byId));
    expect(open.length).toBeGreaterThan(2);
    expect(closed.length).toBeGreaterThan(2);
  });

  test('does not know what is open and has no mark', async () => {
    const [row] = await book.database.query<Row>(
      `select * from position_pnl($1) where symbol = 'GOOG' and quantity <> 0`,
      [trader.portfolioId],
    );
    expect(row).toMatchObject({ mark_price: null, market_value: null, unrealised_pnl: null, total_pnl: null });
    expect(await book.database.read.marks.findAll([Ticker.of('GOOG')])).toHaveLength(0);
  });
});

/** A closed position is worth nothing at any price. */
function figuresOf({ position, mark }: MarkedPosition) {
  const price = mark?.price ?? (position.isOpen ? undefined : Price.of('1'));
  return {
    id: position.id,
    symbol: position.symbol,
    quantity: position.quantity.toString(),
    unrealised: price ? position.unrealisedPnl(price).amount : null,
    realised: position.realisedPnl.amount,
    commission: position.commission.amount,
    total: price ? position.totalPnl(price).amount : null,
  };
}

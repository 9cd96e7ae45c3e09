import { Price, StrategyName, Ticker, type MarkedPosition, type PositionState } from '@blotter/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';
import { Trader } from '../../test/trader.js';

let book: TestBook;

beforeAll(async () => {
  book = await openTestBook();
});
afterAll(() => book.drop());

/** What a position comes to at its mark. */
function figures({ position, mark }: MarkedPosition) {
  if (!mark) throw new Error('The position has no mark.');
  return {
    side: position.side,
    quantity: position.quantity.toString(),
    averagePrice: position.averagePrice?.toString(),
    value: position.marketValue(mark.price).toString(),
    unrealised: position.unrealisedPnl(mark.price).toString(),
    realised: position.realisedPnl.toString(),
    commission: position.commission.toString(),
    total: position.totalPnl(mark.price).toString(),
    returned: position.returnRatio(mark.price)?.toString(),
    maxValue: position.maxValue.toString(),
  };
}

async function withStops(trader: Trader, stops: { stopLoss: string; takeProfit: string }): Promise<PositionState> {
  return book.blotter.transactions.execute(async (unit) => {
    const held = await unit.positions.findOpenForUpdate(trader.portfolioId, Ticker.of('AAPL'));
    if (!held) throw new Error('Nothing is held.');
    return unit.positions.save(
      held.withStops({ stopLoss: Price.of(stops.stopLoss), takeProfit: Price.of(stops.takeProfit) }),
    );
  });
}

/** Whether the stored position's stops are hit at the price that the market is marked at. */
async function hits(trader: Trader, price: string, at: string): Promise<[stopLoss: boolean, takeProfit: boolean]> {
  await trader.mark(price, at);
  const { position, mark } = await trader.held();
  if (!mark) throw new Error('The position has no mark.');
  return [position.isStopLossHit(mark.price), position.isTakeProfitHit(mark.price)];
}

describe('a long position in the database', () => {
  test('is opened, added to, reduced, marked and closed, and every figure is what the fills and the mark make it', async () => {
    const trader = await Trader.open(book);
    const commission = '10';
    const labels = { strategy: StrategyName.of('trend'), tags: { signal: 'breakout' } };

    await trader.trade({ commission, order: labels });
    await trader.mark('100', '2026-01-05T15:00:00Z');
    expect(figures(await trader.held())).toEqual({
      side: 'LONG',
      quantity: '10',
      averagePrice: '100',
      value: '1000 USD',
      unrealised: '0 USD',
      realised: '0 USD',
      commission: '10 USD',
      total: '-10 USD',
      returned: '-0.01',
      maxValue: '1000 USD',
    });

    await trader.trade({ price: '110', commission });
    await trader.trade({ side: 'SELL', quantity: '5', price: '120', commission });
    await trader.mark('130', '2026-01-05T16:00:00Z');
    const held = await trader.held();
    expect(figures(held)).toEqual({
      side: 'LONG',
      quantity: '15',
      averagePrice: '105',
      value: '1950 USD',
      unrealised: '375 USD',
      realised: '75 USD',
      commission: '30 USD',
      total: '420 USD',
      // Of the 2,100 that were invested.
      returned: '0.2',
      // 20 at 110; the 15 at 120 were less.
      maxValue: '2200 USD',
    });
    expect(held.position).toMatchObject({ isOpen: true, closedAt: undefined, ...labels });

    await trader.trade({ side: 'SELL', quantity: '15', price: '140', commission });
    const [closed] = (await book.database.read.positions.listClosed(trader.portfolioId)).items;
    expect(closed).toMatchObject({ id: held.position.id, isOpen: false, side: 'FLAT', ...labels });
    expect(closed?.closedAt).toBeDefined();
    expect([closed?.averagePrice, closed?.quantity.toString(), closed?.costBasis.toString()]).toEqual([
      undefined,
      '0',
      '0 USD',
    ]);
    expect([closed?.realisedPnl, closed?.commission, closed?.totalPnl()].map(String)).toEqual([
      '600 USD',
      '40 USD',
      '560 USD',
    ]);
    expect([closed?.returnRatio()?.toFixed(6), closed?.maxValue.toString()]).toEqual(['0.266667', '2200 USD']);
  });

  test('stops at or below its stop loss, takes profit at or above its take profit, and does neither in between', async () => {
    const trader = await Trader.open(book);
    await trader.trade();
    expect(await hits(trader, '1', '2026-01-06T15:00:00Z')).toEqual([false, false]);
    await withStops(trader, { stopLoss: '95', takeProfit: '140' });

    expect(await hits(trader, '95.000000000000000001', '2026-01-06T15:00:01Z')).toEqual([false, false]);
    expect(await hits(trader, '95', '2026-01-06T15:00:02Z')).toEqual([true, false]);
    expect(await hits(trader, '139.999999999999999999', '2026-01-06T15:00:03Z')).toEqual([false, false]);
    expect(await hits(trader, '140', '2026-01-06T15:00:04Z')).toEqual([false, true]);
  });
});

describe('a short position in the database', () => {
  test('has a value and a cost below zero, and gains when the price falls', async () => {
    const trader = await Trader.open(book);
    await trader.trade({ side: 'SELL', symbol: 'MSFT', commission: '1' });
    await trader.mark('90', '2026-01-05T15:00:00Z', 'MSFT');

    expect(figures(await trader.held('MSFT'))).toEqual({
      side: 'SHORT',
      quantity: '-10',
      averagePrice: '100',
      value: '-900 USD',
      unrealised: '100 USD',
      realised: '0 USD',
      commission: '1 USD',
      total: '99 USD',
      returned: '0.099',
      maxValue: '1000 USD',
    });

    await trader.trade({ side: 'BUY', symbol: 'MSFT', quantity: '4', price: '80' });
    expect(figures(await trader.held('MSFT'))).toMatchObject({
      quantity: '-6',
      realised: '80 USD',
      unrealised: '60 USD',
    });
  });

  test('stops at or above its stop loss, and takes profit at or below its take profit', async () => {
    const trader = await Trader.open(book);
    await trader.trade({ side: 'SELL' });
    await withStops(trader, { stopLoss: '110', takeProfit: '80' });

    expect(await hits(trader, '109.999999999999999999', '2026-01-07T15:00:01Z')).toEqual([false, false]);
    expect(await hits(trader, '110', '2026-01-07T15:00:02Z')).toEqual([true, false]);
    expect(await hits(trader, '80.000000000000000001', '2026-01-07T15:00:03Z')).toEqual([false, false]);
    expect(await hits(trader, '80', '2026-01-07T15:00:04Z')).toEqual([false, true]);
  });
});

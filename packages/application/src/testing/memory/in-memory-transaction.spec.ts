import { describe, expect, it } from 'vitest';
import { anyOrder, anyPosition, closingFill } from '../contract/samples.js';
import { storedBook } from '../contract/stored-book.js';
import { InMemoryBook } from './in-memory-book.js';

function makeHarness() {
  const book = new InMemoryBook();
  return { factory: book, read: book.read };
}

describe('InMemoryTransaction', () => {
  it('refuses at commit what another unit has made impossible since: a child of a portfolio that is gone', async () => {
    const harness = makeHarness();
    const { portfolio, order, position } = await storedBook(harness);
    await using adding = harness.factory.begin();
    adding.orders.save(anyOrder(portfolio));
    await adding.flush();
    await using removing = harness.factory.begin();
    removing.orders.remove(order);
    removing.positions.remove(position);
    removing.portfolios.remove(portfolio);
    await removing.commit();
    await expect(adding.commit()).rejects.toMatchObject({ code: 'INTEGRITY', constraint: 'orders_portfolio_fkey' });
    expect((await harness.read.orders.listActive(portfolio.id)).items).toEqual([]);
  });

  it('finds no open position behind one that was closed while it waited, as PostgreSQL at READ COMMITTED', async () => {
    const harness = makeHarness();
    const { portfolio, position } = await storedBook(harness);
    await using flipping = harness.factory.begin();
    flipping.positions.save(position.apply(closingFill));
    flipping.positions.save(anyPosition(portfolio, { symbol: position.symbol }));
    await flipping.flush();
    await using second = harness.factory.begin();
    const waiting = second.positions.findOpenForUpdate(portfolio.id, position.symbol);
    await flipping.commit();
    expect(await waiting).toBeUndefined();
  });
});

import { Database, DatabaseConfig, proveBook } from '@blotter/infrastructure';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BenchServer } from '../server/bench-server.js';
import { countWrongRows } from './exactness.js';
import {
  ACTIVE,
  FEWEST_ORDERS,
  FILLING,
  orderId,
  orderNumber,
  portfolioId,
  PORTFOLIOS,
  quantity,
  symbol,
} from './layout.js';

let server: BenchServer;
let book: string;

beforeAll(async () => {
  server = await BenchServer.start();
  book = await server.filledBook(FEWEST_ORDERS);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe('The filled book', () => {
  it('is a true one: the proof finds no difference', async () => {
    await using database = await Database.connect(DatabaseConfig.fromUrl(server.url(book)));
    expect((await proveBook(database)).difference).toBe('0');
  });

  it('has everything where the layout says, the last decimal included', async () => {
    await server.connected(book, async (sql) => {
      for (const portfolio of [1, 2, PORTFOLIOS]) {
        const id = portfolioId(portfolio);
        const active = await sql<{ id: string }[]>`
          select id from orders where portfolio_id = ${id} and status in ('PENDING', 'SUBMITTED', 'PARTIALLY_FILLED') order by created_at`;
        expect(active.map((order) => order.id)).toEqual(
          Array.from({ length: ACTIVE }, (_, index) => orderId(orderNumber(FEWEST_ORDERS, portfolio, index + 1))),
        );
        const [last] = await sql<{ symbol: string; quantity: string }[]>`
          select symbol, quantity::text from orders where id = ${active.at(-1)?.id ?? ''}`;
        expect(last).toEqual({
          symbol: symbol(ACTIVE),
          quantity: quantity(orderNumber(FEWEST_ORDERS, portfolio, ACTIVE)),
        });
        const held = await sql`select from positions where portfolio_id = ${id} and closed_at is null`;
        expect(held).toHaveLength(FILLING);
      }
    });
  });

  it('shows a lost update and a rounded decimal', async () => {
    const copy = await server.copyOfBook(FEWEST_ORDERS);
    await server.connected(copy, async (sql) => {
      expect(await countWrongRows(sql)).toBe(0);
      await sql`update portfolios set cash = cash + 0.000000000000000001 where id = ${portfolioId(7)}`;
      expect(await countWrongRows(sql)).toBe(1);
      await sql`update orders set filled_quantity = filled_quantity + 1 where id = ${orderId(1)}`;
      expect(await countWrongRows(sql)).toBe(2);
      await sql`update positions set cost_basis = cost_basis - 1 where portfolio_id = ${portfolioId(2)} and symbol = 'SYM1'`;
      expect(await countWrongRows(sql)).toBe(3);
    });
    await server.drop(copy);
  });
});

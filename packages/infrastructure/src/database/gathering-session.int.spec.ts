import type { Order } from '@blotter/domain';
import { anyUuid } from '@blotter/domain/testing';
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';
import { Trader } from '../../test/trader.js';
import type { OrderRow } from '../orders/order-mapper.js';
import { selectOrder } from '../orders/order-statements.js';
import { orders as ordersTable } from '../orders/order-table.js';
import { Database } from './database.js';
import { GatheringSession } from './gathering-session.js';
import { Session } from './session.js';
import { statementById } from './statement.js';
import { connectionLost } from './translate-error.js';

let book: TestBook;
let trader: Trader;
const orders: Order[] = [];

beforeAll(async () => {
  book = await openTestBook();
  trader = await Trader.open(book);
  for (let number = 0; number < 12; number += 1) orders.push(await trader.place());
  for (let number = 0; number < 8; number += 1) await Trader.open(book);
});
afterAll(() => book.drop());

describe('a session that gathers', () => {
  let session: Session;
  let shared: GatheringSession;

  beforeEach(async () => {
    session = await Session.connect(book.storage.config);
    shared = new GatheringSession(session);
  });
  afterEach(() => session.close());

  const read = async (id: string) => (await shared.run(selectOrder, { id })).map((row) => row.id);
  /** How often each statement was run, the one that reads a single order first. */
  const runs = async () => {
    const { rows } = await session.query<{ runs: string }>(
      `select generic_plans + custom_plans as runs from pg_prepared_statements
        where statement like '%from "orders"%' order by statement like '%unnest(%'`,
    );
    return rows.map((row) => Number(row.runs));
  };

  it('sends the first of those that come at once, and the others as one statement behind it', async () => {
    const ids = orders.map(({ id }) => id);
    expect(await Promise.all(ids.map(read))).toEqual(ids.map((id) => [id]));
    expect(await runs()).toEqual([1, 1]);
    expect(shared.load).toBe(0);
  });

  it('sends a few as they are', async () => {
    const ids = orders.slice(0, 5).map(({ id }) => id);
    expect(await Promise.all(ids.map(read))).toEqual(ids.map((id) => [id]));
    expect(await runs()).toEqual([5]);
  });

  it('gives each its own, also where two ask for the same, or for what is not there', async () => {
    const [one, other, missing] = [orders[0]?.id ?? '', orders[1]?.id ?? '', anyUuid()];
    const ids = Array.from({ length: 600 }, (_, index) => [one, other, missing][index % 3] ?? '');
    expect(await Promise.all(ids.map(read))).toEqual(ids.map((id) => (id === missing ? [] : [id])));
    // 599 of them, 256 at most in one.
    expect(await runs()).toEqual([1, 3]);
  });

  it('lets nobody suffer for an id that is none', async () => {
    const ids = orders.map(({ id }) => id);
    const [first, refused, ...others] = await Promise.allSettled([ids[0] ?? '', 'none', ...ids].map(read));
    expect(refused).toMatchObject({ status: 'rejected', reason: { sqlState: '22P02' } });
    expect([first, ...others]).toEqual([ids[0], ...ids].map((id) => ({ status: 'fulfilled', value: [id] })));
    expect((await runs()).at(-1)).toBe(1);
  });

  it('gathers those whose callers come by ways of different length', async () => {
    const deep = async (id: string, turns: number): Promise<string[]> => {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      return read(id);
    };
    const ids = orders.map(({ id }) => id);
    expect(await Promise.all(ids.map((id, index) => deep(id, index)))).toEqual(ids.map((id) => [id]));
    expect(await runs()).toEqual([1, 1]);
  });

  it('asks for each alone where the server refuses the statement that they are in', async () => {
    await session.query(`create function readable(id uuid) returns boolean language plpgsql as
      $$ begin if id = '${orders[7]?.id ?? ''}' then raise data_corrupted; end if; return true; end $$`);
    const ids = orders.map(({ id }) => id);
    const readOne = statementById<OrderRow>('readable_order_by_id', (database) =>
      database
        .select()
        .from(ordersTable)
        .where(and(eq(ordersTable.id, sql.placeholder('id')), sql`readable(${ordersTable.id})`)),
    );
    const answers = await Promise.allSettled(ids.map((id) => shared.run(readOne, { id })));
    expect(answers.map(({ status }) => status)).toEqual(
      ids.map((_, index) => (index === 7 ? 'rejected' : 'fulfilled')),
    );
    expect(answers[7]).toMatchObject({ reason: { sqlState: 'XX001' } });
    await session.query('drop function readable');
  });

  it.each([
    ['they are sent', () => new Promise((resolve) => setImmediate(resolve))],
    ['they are gathered', () => undefined],
  ])('tells all of them when it ends after %s', async (_, sent) => {
    const answers = Promise.allSettled(orders.map(({ id }) => read(id)));
    await sent();
    session.destroy(connectionLost());
    for (const answer of await answers) {
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'CONNECTION_LOST' } });
    }
    expect(shared.load).toBe(0);
  });
});

test('what many callers read at once by id is what each reads alone, and is read by few statements', async () => {
  const applicationName = 'gathered';
  const database = await Database.connect(book.storage.configWith({ applicationName, sharedReadSessions: 1 }));
  try {
    const { read } = database;
    for (let trade = 0; trade < 8; trade += 1) await trader.trade({ symbol: `S${trade}` });
    const portfolios = (await read.portfolios.list()).items;
    const executions = (await read.executions.list(trader.portfolioId)).items;
    const positions = (await read.positions.listOpen(trader.portfolioId)).items;
    const readsOf = <Item>(items: readonly Item[], readOne: (item: Item) => Promise<unknown>) =>
      items.map((item) => readOne.bind(undefined, item));
    const kinds = {
      portfolios: readsOf(portfolios, ({ id }) => read.portfolios.get(id)),
      orders: readsOf(orders, ({ id }) => read.orders.get(id)),
      positions: readsOf(positions, ({ position }) => read.positions.get(position.id)),
      executions: readsOf(executions, ({ id }) => read.executions.find(id)),
    };
    for (const [kind, reads] of Object.entries(kinds)) {
      expect(reads.length).toBeGreaterThan(7);
      const alone: unknown[] = [];
      for (const readOne of reads) alone.push(await readOne());
      expect(await Promise.all(reads.map((readOne) => readOne()))).toEqual(alone);
      const last = await database.query<{ query: string }>(
        `select query from pg_stat_activity where application_name = $1 and query like 'select found.*%'`,
        [applicationName],
      );
      expect(last).toMatchObject([{ query: expect.stringContaining(`from "${kind}"`) as string }]);
    }
  } finally {
    await database.close();
  }
});

import { WriteSet, type Write } from '@blotter/application';
import { BlotterError, Timestamp } from '@blotter/domain';
import { testUuid } from '@blotter/domain/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { SeededRandom } from '../../test/seeded-random.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { FAULTS, type Refusal } from '../../test/write-faults.js';
import { flip, flipOf, MOVES, Stage, type Move } from '../../test/write-moves.js';
import { Session } from '../database/session.js';
import { Transaction } from '../database/transaction.js';
import { prepareWrites, sendWrites } from './send-writes.js';
import { smallWrites } from './small-writes.js';

const TABLES = ['portfolios', 'orders', 'positions', 'executions', 'cash_movements', 'portfolio_snapshots', 'marks'];
const ROWS = TABLES.map((table) => `select '${table}' as table, to_jsonb(t)::text as row from ${table} t`).join(
  ' union all ',
);

let storage: TestDatabase;
let session: Session;

beforeAll(async () => {
  storage = await createTestDatabase();
  session = await Session.connect(storage.config);
});
afterAll(async () => {
  await session.close();
  await storage.drop();
});

const IDS = idsOf(70);
const AT = Timestamp.of('2026-01-06T14:30:00Z');

/** What is left of writes: the rows of all tables, or the refusal. */
type Outcome = readonly unknown[] | Refusal;
/** How the same writes are sent: a promise for each thing that was. */
type Way = (transaction: Transaction, writes: readonly Write[]) => Promise<unknown>[];
/** As a unit of work does, which takes arrays and COPY where there are more of one kind. */
const asUnits: Way = (transaction, writes) => sendWrites(transaction, prepareWrites(writes));
const together: Way = (transaction, writes) => smallWrites(writes).map((write) => transaction.write(write));
const oneByOne: Way = (transaction, writes) => writes.flatMap((write) => together(transaction, [write]));
const WAYS = [asUnits, together, oneByOne];

const anyIds = fc.integer().map((seed) => new SeededRandom(seed).shuffled(IDS));
const anyMoves = fc.subarray(Object.values(MOVES));
const anyFault = fc.constantFrom(...Object.values(FAULTS));
/** Of entities of their own. */
const someFaults = fc.subarray(
  [
    'the version of a portfolio is stale',
    'the version of an order is stale',
    'the version of a position that flips is stale',
    'the name of a portfolio is taken',
    'a position in the symbol is open, and changes in the same unit',
    'the execution was recorded',
    'an order has no portfolio',
    'a position that is new contradicts itself',
  ],
  { minLength: 2 },
);

describe('the writes of a unit of work, sent together', () => {
  it('leave the same rows as one by one', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyIds, anyMoves, fc.boolean(), async (ids, moves, flips) => {
        const stage = new Stage([...ids]);
        const writes = writesOf(stage, flips ? [...moves, flip] : moves);
        const [sent, rows, expected] = await outcomes(stage, writes, WAYS);
        expect(expected).toBeInstanceOf(Array);
        expect(rows).toEqual(expected);
        expect(sent).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('are refused as one by one, and the error names the same entity', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyIds, anyMoves, fc.boolean(), anyFault, async (ids, moves, flips, fault) => {
        const stage = new Stage([...ids]);
        let refusal: Refusal | undefined;
        const faulty: Move = (of, set) => (refusal = fault(of, set));
        const writes = writesOf(stage, [...(flips ? [flip] : []), ...moves, faulty]);
        expect(await outcomes(stage, writes, WAYS)).toEqual([refusal, refusal, refusal]);
      }),
      { numRuns: 60 },
    );
  });

  it('of several that are refused, name one of them', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anyIds, anyMoves, someFaults, async (ids, moves, faults) => {
        const stage = new Stage([...ids]);
        const refusals: Refusal[] = [];
        const faulty = faults.map((name): Move => (of, set) => {
          const refusal = FAULTS[name]?.(of, set);
          if (refusal) refusals.push(refusal);
        });
        const writes = writesOf(stage, [...moves, ...faulty]);
        for (const outcome of await outcomes(stage, writes, WAYS)) {
          expect(refusals).toContainEqual(outcome);
        }
      }),
      { numRuns: 20 },
    );
  });
});

test('which of them has the smallest id makes no other text', () => {
  // At most one update of a kind: of several, each is in a statement of its own.
  const moves = [
    ...['a portfolio changes', 'a portfolio is opened', 'an order is submitted', 'an order comes'],
    ...['another order comes', 'a position grows', 'a position is opened', 'an execution comes', 'cash comes'],
  ].map((name) => MOVES[name] ?? flip);
  const texts = Array.from({ length: 50 }, (_, seed) => {
    const stage = new Stage(new SeededRandom(seed).shuffled(IDS));
    return smallWrites(writesOf(stage, moves)).map(({ text }) => text);
  });
  expect(texts[0]).toHaveLength(1);
  expect(new Set(texts.flat()).size).toBe(1);
});

const company: [string, readonly Move[]][] = [
  ['alone', []],
  ['beside all that fits', [...Object.values(MOVES), flip]],
];

test.each(company)('a position flips, %s: one is closed, and one of the same symbol is open', async (_, others) => {
  for (const ids of [IDS, [...IDS].reverse()]) {
    const stage = new Stage([...ids]);
    const writes = writesOf(stage, [flip, ...others.filter((other) => other !== flip)]);
    for (const rows of await outcomes(stage, writes, [asUnits, together])) {
      const flipped = (rows as { row: string }[]).filter(({ row }) => row.includes('"FLIPS"'));
      expect(flipped.map(({ row }) => row.includes('"closed_at": null')).sort()).toEqual([false, true]);
    }
  }
});

describe.each(Object.entries(FAULTS))('when %s', (_, fault) => {
  it.each(company)('the error names the entity and its id, %s', async (__, others) => {
    const stage = new Stage([...IDS]);
    let refusal: Refusal | undefined;
    const writes = writesOf(stage, [...others, (of, set) => (refusal = fault(of, set))]);
    expect(await outcomes(stage, writes, [asUnits, together])).toEqual([refusal, refusal]);
  });
});

describe(
  'very many writes, of which some go by COPY, some by a temporary table and some by arrays',
  { timeout: 60_000 },
  () => {
    it('leave the same rows as one by one', async () => {
      const { stage, moves } = aGreatDay();
      const [sent, expected] = await outcomes(stage, writesOf(stage, moves), [asUnits, oneByOne]);
      expect(expected).toBeInstanceOf(Array);
      expect(sent).toEqual(expected);
    });

    it.each(Object.entries(FAULTS))('name the entity and its id when %s', async (_, fault) => {
      const { stage, moves } = aGreatDay();
      let refusal: Refusal | undefined;
      const writes = writesOf(stage, [...moves, (of, set) => (refusal = fault(of, set))]);
      expect(await outcomes(stage, writes, [asUnits])).toEqual([refusal]);
    });
  },
);

describe('two updates of one order, as units that are committed together may bring', () => {
  it.each([4, 1_000])('are a conflict that names it, among %i', async (count) => {
    const stage = new Stage(idsOf(1_100));
    const orders = Array.from({ length: count }, (_, index) => stage.base.saveOrder(stage.newOrder(`many-${index}`)));
    const writes = orders.flatMap((order) => writesOf(stage, [(_, set) => set.saveOrder(order.cancel(AT))]));
    const refusal = { code: 'CONCURRENCY', entity: 'order', id: orders[0]?.id };
    expect(await outcomes(stage, [...writes.slice(0, 1), ...writes], [asUnits, oneByOne])).toEqual([refusal, refusal]);
  });
});

/** All that fits, a thousand positions that flip, and three hundred orders. */
function aGreatDay(): { readonly stage: Stage; readonly moves: readonly Move[] } {
  const stage = new Stage(new SeededRandom(7).shuffled(idsOf(3_000)));
  const flips = Array.from({ length: 1_000 }, (_, index) =>
    flipOf(stage.base.savePosition(stage.newPosition(`MANY-${index}`))),
  );
  const orders = Array.from(
    { length: 300 },
    (_, index): Move =>
      (of, set) =>
        set.saveOrder(of.newOrder(`many-${index}`)),
  );
  return { stage, moves: [...Object.values(MOVES), flip, ...flips, ...orders] };
}

function idsOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => testUuid(index));
}

function writesOf(stage: Stage, moves: readonly Move[]): readonly Write[] {
  const set = new WriteSet();
  for (const move of moves) move(stage, set);
  return set.take();
}

/** Sends the writes each way, on the same rows. Nothing of it stays. */
async function outcomes(stage: Stage, writes: readonly Write[], ways: readonly Way[]): Promise<Outcome[]> {
  const transaction = Transaction.begin(session);
  const sent: Outcome[] = [];
  try {
    await Promise.all(oneByOne(transaction, stage.base.take()));
    for (const way of ways) {
      await transaction.savepoint('before');
      sent.push(await outcome(transaction, way(transaction, writes)));
      await transaction.rollbackTo('before');
    }
  } finally {
    await transaction.rollback();
  }
  return sent;
}

async function outcome(transaction: Transaction, sent: ReturnType<Way>): Promise<Outcome> {
  const results = await Promise.allSettled(sent);
  const refused = results.find((result) => result.status === 'rejected');
  if (!refused) return transaction.query(`select * from (${ROWS}) as rows order by 1, 2`);
  if (!(refused.reason instanceof BlotterError)) throw refused.reason;
  const { code, entity = '', id = '' } = refused.reason;
  return { code, entity, id };
}

import { WriteSet, type Write } from '@blotter/application';
import { BlotterError } from '@blotter/domain';
import { testUuid } from '@blotter/domain/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { SeededRandom } from '../../test/seeded-random.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { FAULTS, type Refusal } from '../../test/write-faults.js';
import { flip, MOVES, Stage, type Move } from '../../test/write-moves.js';
import { Session } from '../database/session.js';
import { Transaction } from '../database/transaction.js';
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

const IDS = Array.from({ length: 40 }, (_, index) => testUuid(index));

/** What is left of writes: the rows of all tables, or the refusal. */
type Outcome = readonly unknown[] | Refusal;
/** How the same writes are sent. */
type Way = (writes: readonly Write[]) => ReturnType<typeof smallWrites>;
const together: Way = smallWrites;
const oneByOne: Way = (writes) => writes.flatMap((write) => smallWrites([write]));

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
        const [rows, expected] = await outcomes(stage, writes, [together, oneByOne]);
        expect(expected).toBeInstanceOf(Array);
        expect(rows).toEqual(expected);
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
        expect(await outcomes(stage, writes, [together, oneByOne])).toEqual([refusal, refusal]);
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
        for (const outcome of await outcomes(stage, writes, [together, oneByOne])) {
          expect(refusals).toContainEqual(outcome);
        }
      }),
      { numRuns: 20 },
    );
  });
});

const company: [string, readonly Move[]][] = [
  ['alone', []],
  ['beside all that fits', [...Object.values(MOVES), flip]],
];

test.each(company)('a position flips, %s: one is closed, and one of the same symbol is open', async (_, others) => {
  for (const ids of [IDS, [...IDS].reverse()]) {
    const stage = new Stage([...ids]);
    const [rows] = await outcomes(stage, writesOf(stage, [flip, ...others.filter((other) => other !== flip)]), [
      together,
    ]);
    const flipped = (rows as { row: string }[]).filter(({ row }) => row.includes('"FLIPS"'));
    expect(flipped.map(({ row }) => row.includes('"closed_at": null')).sort()).toEqual([false, true]);
  }
});

describe.each(Object.entries(FAULTS))('when %s', (_, fault) => {
  it.each(company)('the error names the entity and its id, %s', async (__, others) => {
    const stage = new Stage([...IDS]);
    let refusal: Refusal | undefined;
    const writes = writesOf(stage, [...others, (of, set) => (refusal = fault(of, set))]);
    expect(await outcomes(stage, writes, [together])).toEqual([refusal]);
  });
});

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
    await Promise.all(oneByOne(stage.base.take()).map((write) => transaction.write(write)));
    for (const way of ways) {
      await transaction.savepoint('before');
      sent.push(await outcome(transaction, way(writes)));
      await transaction.rollbackTo('before');
    }
  } finally {
    await transaction.rollback();
  }
  return sent;
}

async function outcome(transaction: Transaction, writes: ReturnType<Way>): Promise<Outcome> {
  const results = await Promise.allSettled(writes.map((write) => transaction.write(write)));
  const refused = results.find((result) => result.status === 'rejected');
  if (!refused) return transaction.query(`select * from (${ROWS}) as rows order by 1, 2`);
  if (!(refused.reason instanceof BlotterError)) throw refused.reason;
  const { code, entity = '', id = '' } = refused.reason;
  return { code, entity, id };
}

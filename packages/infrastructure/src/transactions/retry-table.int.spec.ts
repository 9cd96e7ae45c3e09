import { RETRY_TABLE, TransactionManager, type RepeatableByChoice } from '@blotter/application';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';

const ATTEMPTS = 3;

/** Each SQLSTATE, the code of the error that it becomes, and how often the work is run in all. */
const TABLE: readonly (readonly [sqlState: string, code: string, runs: number])[] = [
  ['40001', 'SERIALIZATION_FAILURE', ATTEMPTS],
  ['40P01', 'DEADLOCK', ATTEMPTS],
  ['BL001', 'CONCURRENCY', ATTEMPTS],
  ['26000', 'STATEMENT_OUTDATED', ATTEMPTS],
  ['57P01', 'SERVER_UNAVAILABLE', ATTEMPTS],
  ['57P02', 'SERVER_UNAVAILABLE', ATTEMPTS],
  ['57P03', 'SERVER_UNAVAILABLE', ATTEMPTS],
  ['25006', 'READ_ONLY_SERVER', ATTEMPTS],
  ['08006', 'CONNECTION_LOST', ATTEMPTS],
  ['08003', 'CONNECTION_LOST', ATTEMPTS],
  // By choice only.
  ['55P03', 'LOCK_TIMEOUT', 1],
  ['53000', 'RESOURCES_EXHAUSTED', 1],
  ['53100', 'RESOURCES_EXHAUSTED', 1],
  ['53200', 'RESOURCES_EXHAUSTED', 1],
  ['53300', 'RESOURCES_EXHAUSTED', 1],
  ['53400', 'RESOURCES_EXHAUSTED', 1],
  // Not in the table.
  ['57014', 'TIMEOUT', 1],
  ['25P03', 'TIMEOUT', 1],
  // A message that says too little, such as too few parameters: of its class it alone is no lost connection.
  ['08P01', 'DATABASE_ERROR', 1],
  ['23503', 'INTEGRITY', 1],
  ['23514', 'INTEGRITY', 1],
  ['23505', 'DUPLICATE', 1],
  ['0A000', 'DATABASE_ERROR', 1],
  ['22012', 'DATABASE_ERROR', 1],
  ['22003', 'DATABASE_ERROR', 1],
  ['42601', 'DATABASE_ERROR', 1],
  ['42501', 'DATABASE_ERROR', 1],
  ['42P01', 'DATABASE_ERROR', 1],
  ['P0001', 'DATABASE_ERROR', 1],
  ['XX000', 'DATABASE_ERROR', 1],
  ['XX001', 'DATABASE_ERROR', 1],
];

describe('work that the server ends with a SQLSTATE', () => {
  let storage: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    storage = await createTestDatabase({ settings: { maxPoolSize: 2 } });
    database = await Database.connect(storage.config);
  });
  afterAll(async () => {
    await database.close();
    await storage.drop();
  });

  /** Raises the state in each run, `times` times at most; how it ended, and after how many runs. */
  async function raise(sqlState: string, also: readonly RepeatableByChoice[] = [], times = Infinity) {
    let runs = 0;
    const outcome = await new TransactionManager(database)
      .executeWithRetry(
        async (unit) => {
          runs += 1;
          const raised = runs > times ? 'null' : `raise exception using errcode = '${sqlState}'`;
          await unit.sql(`do $$ begin ${raised}; end $$`);
        },
        { attempts: ATTEMPTS, initialDelayMs: 1, also },
      )
      .then(
        () => 'done',
        (error: unknown) => (error as { code: string }).code,
      );
    return { outcome, runs };
  }

  it.each(TABLE)('%s becomes %s, and the work is run %i times', async (sqlState, code, runs) => {
    expect(await raise(sqlState)).toEqual({ outcome: code, runs });
  });

  it.each(TABLE.filter(([, , runs]) => runs === ATTEMPTS))(
    '%s is cured by a repetition that does not meet it again',
    async (sqlState) => {
      expect(await raise(sqlState, [], 1)).toEqual({ outcome: 'done', runs: 2 });
    },
  );

  it.each([
    ['55P03', 'LOCK_TIMEOUT'],
    ['53100', 'RESOURCES_EXHAUSTED'],
  ] as const)('%s is repeated when %s was chosen', async (sqlState, code) => {
    expect(await raise(sqlState, [code])).toEqual({ outcome: code, runs: ATTEMPTS });
  });

  it('covers every code of the retry table that a server’s answer can have', () => {
    const shown = new Set(TABLE.map(([, code]) => code));
    const ofConnecting = ['CONNECTION_FAILED'];
    expect(Object.keys(RETRY_TABLE).filter((code) => !shown.has(code))).toEqual(ofConnecting);
  });

  it('leaves the pool whole', async () => {
    expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(database.statistics().sessions).toMatchObject({ inUse: 0, waiting: 0 });
  });
});

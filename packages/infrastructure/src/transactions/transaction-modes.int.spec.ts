import type { IsolationLevel } from '@blotter/application';
import { anyPortfolio } from '@blotter/application/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';
import type { PostgresUnitOfWork } from './postgres-unit-of-work.js';

const LEVELS = ['read committed', 'repeatable read', 'serializable'] as const satisfies readonly IsolationLevel[];
const COMBINATIONS = LEVELS.flatMap((isolation) =>
  [true, false].flatMap((readOnly) => [true, false].map((deferrable) => ({ isolation, readOnly, deferrable }))),
);

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

/** As the server has them: SHOW takes no snapshot, so it waits for nothing. */
async function modesOf(unit: PostgresUnitOfWork): Promise<readonly unknown[]> {
  const modes = [];
  for (const name of ['transaction_isolation', 'transaction_read_only', 'transaction_deferrable']) {
    const [row] = await unit.sql<Record<string, string>>(`show ${name}`);
    modes.push(row?.[name]);
  }
  return modes;
}

const onOff = (mode: boolean) => (mode ? 'on' : 'off');

describe('the modes of a transaction', () => {
  it.each(COMBINATIONS)(
    'are those that were asked for: $isolation, read only $readOnly, deferrable $deferrable',
    async ({ isolation, readOnly, deferrable }) => {
      await using unit = database.begin({ isolation, readOnly, deferrable });
      const expected = [isolation, onOff(readOnly), onOff(deferrable)];
      expect(await modesOf(unit)).toEqual(expected);
      expect(await unit.savepoint((inner) => modesOf(inner))).toEqual(expected);
    },
  );

  it('are read committed, read write and not deferrable when nothing is asked for, also on a session that had others', async () => {
    await using alone = await Database.connect(storage.configWith({ maxPoolSize: 1 }));
    for (const options of [{ isolation: 'serializable', readOnly: true, deferrable: true }, {}] as const) {
      await using unit = alone.begin(options);
      await modesOf(unit);
      await unit.commit();
    }
    await using unit = alone.begin();
    expect(await modesOf(unit)).toEqual(['read committed', 'off', 'off']);
    expect(alone.statistics().sessions.created).toBe(1);
  });

  it('come before what the database says by default', async () => {
    const name = storage.config.settings.name;
    await database.query(`alter database ${name} set default_transaction_read_only = on`);
    await using late = await Database.connect(storage.configWith({ maxPoolSize: 1 }));
    await using unit = late.begin({ readOnly: false });
    expect(await modesOf(unit)).toEqual(['read committed', 'off', 'off']);
    unit.portfolios.save(anyPortfolio());
    await unit.commit();
    await database.query(`alter database ${name} reset default_transaction_read_only`);
  });
});

describe('a transaction that may only read', () => {
  it.each(LEVELS)(
    'refuses to write at %s, as the caller’s mistake and not as a server that takes no writes',
    async (isolation) => {
      await using unit = database.begin({ isolation, readOnly: true });
      unit.portfolios.save(anyPortfolio());
      await expect(unit.commit()).rejects.toMatchObject({
        code: 'DATABASE_ERROR',
        sqlState: '25006',
        entity: 'portfolio',
      });
    },
  );
});

describe('a transaction that is serializable, read only and deferrable', () => {
  it('waits until those that write can no longer make it fail, and then reads of the moment at which it began', async () => {
    const portfolio = anyPortfolio();
    await using writer = database.begin({ isolation: 'serializable' });
    writer.portfolios.save(portfolio);
    await writer.flush();
    await using reader = database.begin({ isolation: 'serializable', readOnly: true, deferrable: true });
    const found = reader.portfolios.find(portfolio.id);
    await using observer = await Database.connect(storage.configWith({ maxPoolSize: 1 }));
    const waits = () =>
      observer.query(
        `select wait_event from pg_stat_activity where datname = current_database() and wait_event = 'SafeSnapshot'`,
      );
    await expect.poll(waits, { timeout: 10_000 }).toHaveLength(1);
    await writer.commit();
    expect(await found).toBeUndefined();
    await reader.commit();
    expect(await waits()).toEqual([]);
  });

  it('reads a book as any other does when nobody else is at work', async () => {
    const portfolio = anyPortfolio();
    await using writer = database.begin();
    writer.portfolios.save(portfolio);
    await writer.commit();
    await using reader = database.begin({ isolation: 'serializable', readOnly: true, deferrable: true });
    expect((await reader.portfolios.get(portfolio.id)).name).toBe(portfolio.name);
    await reader.commit();
  });
});

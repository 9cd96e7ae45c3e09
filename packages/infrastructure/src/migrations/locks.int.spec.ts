import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockWaitsDuring } from '../../test/lock-waits.js';
import { MigrationStage } from '../../test/migration-stage.js';
import { Session } from '../database/session.js';

let stage: MigrationStage;
let blocker: Session;

const HELD_MS = 5_000;
const LOCK_TIMEOUT_MS = 500;

beforeEach(async () => {
  stage = await MigrationStage.open();
  blocker = await Session.connect(stage.storage.config);
  await stage.write('0001_rows', 'create table rows (id int); insert into rows values (1);', 'drop table rows;');
  await stage.migrator().up();
});
afterEach(async () => {
  await blocker.close();
  await stage[Symbol.asyncDispose]();
});

describe('a migration of a table that somebody holds', () => {
  test('keeps nobody waiting behind it for longer than its lock timeout, and succeeds when the table is free', async () => {
    await stage.write('0002_wide', 'alter table rows add column wide int;', 'alter table rows drop column wide;');
    await blocker.query('begin; select * from rows');
    const migrating = stage.migrator({ migrationLockTimeoutMs: LOCK_TIMEOUT_MS }).up();
    const held = sleep(HELD_MS).then(() => blocker.query('commit'));
    const waits = await lockWaitsDuring(stage.url, 'select * from rows', held);
    expect((await migrating).current).toBe('0002');
    // Whoever comes a moment after the migration waits nearly as long as it does. The bounds leave room for a machine in a hurry,
    // and none for a migration that waits as long as the table is held.
    const longest = Math.max(...waits);
    expect(longest).toBeGreaterThan(LOCK_TIMEOUT_MS / 2);
    expect(longest).toBeLessThan(LOCK_TIMEOUT_MS * 2);
    // In between, the others have the table for at least as long.
    const timesInTheWay = waits.filter((wait) => wait > LOCK_TIMEOUT_MS / 2).length;
    expect(timesInTheWay).toBeLessThanOrEqual(HELD_MS / (2 * LOCK_TIMEOUT_MS) + 1);
  });

  test('gives up when its patience ends, says so, and leaves nothing behind', async () => {
    await stage.write('0002_wide', 'create table half (); alter table rows add column wide int;');
    await blocker.query('begin; select * from rows');
    const refused = stage.migrator({ migrationLockTimeoutMs: 50, migrationPatienceMs: 100 }).up();
    await expect(refused).rejects.toMatchObject({
      code: 'MIGRATION_BLOCKED',
      version: '0002',
      cause: { code: 'LOCK_TIMEOUT' },
    });
    expect(await stage.tables()).toEqual(['rows']);
    await blocker.query('rollback');
    expect((await stage.migrator().up()).current).toBe('0002');
  });

  test('keeps its lock timeout after an index that was built concurrently, and a file that sets another leaves it to the next', async () => {
    await stage.write(
      '0002_index',
      `-- blotter: no-transaction\ncreate index concurrently rows_idx on rows (id);
       --> statement-breakpoint\ncreate table behind_index as select current_setting('lock_timeout') as lock;`,
    );
    await stage.write(
      '0003_settings',
      'set lock_timeout = 0; set search_path = pg_catalog; set statement_timeout = 1000;',
    );
    await stage.write(
      '0004_settings',
      `-- blotter: no-transaction\ncreate table settings as select current_setting('lock_timeout') as lock,
         current_setting('statement_timeout') as statement, current_setting('search_path') as path;
       --> statement-breakpoint\nset search_path = pg_catalog;\n--> statement-breakpoint\nset lock_timeout = 0;`,
    );
    await stage.write('0005_settings', `insert into settings select current_setting('lock_timeout'), '', '';`);
    await stage.migrator({ migrationLockTimeoutMs: 345 }).up();
    expect(await stage.query('select lock from behind_index')).toEqual([{ lock: '345ms' }]);
    expect(await stage.query('select lock, path from settings')).toEqual([
      { lock: '345ms', path: '"$user", public' },
      { lock: '345ms', path: '' },
    ]);
    expect(await stage.query(`select 1 from settings where statement = '1s'`)).toEqual([]);
  });

  test('waits for old transactions when it builds an index concurrently, whatever the lock timeout', async () => {
    await stage.write(
      '0002_index',
      '-- blotter: no-transaction\ncreate index concurrently if not exists rows_idx on rows (id);',
    );
    await blocker.query('begin; insert into rows values (2)');
    const migrating = stage.migrator({ migrationLockTimeoutMs: 20 }).up();
    await until(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    await sleep(200);
    await blocker.query('commit');
    expect((await migrating).current).toBe('0002');
    expect(await stage.migrator().verify()).toEqual([]);
  });
});

describe('the table of what was applied, which somebody holds', () => {
  beforeEach(async () => {
    await stage.query('drop table schema_migrations, schema_migration_history, rows');
    await stage.query('drop function refuse_history_change');
    await stage.query(`create table schema_migrations (version text primary key, name text not null,
      checksum text not null, applied_at timestamptz not null default clock_timestamp())`);
    await blocker.query('begin; select * from schema_migrations');
  });

  test('grows when it is free', async () => {
    const migrating = stage.migrator({ migrationLockTimeoutMs: 20 }).up();
    await until(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    await until(
      `select 1 from pg_stat_activity where datname = current_database() and query = 'rollback' and state = 'idle'`,
    );
    await blocker.query('commit');
    expect((await migrating).current).toBe('0001');
  });

  test('is given up when patience ends, with the reason', async () => {
    const refused = stage.migrator({ migrationLockTimeoutMs: 20, migrationPatienceMs: 50 }).up();
    await expect(refused).rejects.toMatchObject({ code: 'MIGRATION_BLOCKED', cause: { code: 'LOCK_TIMEOUT' } });
  });
});

describe('a second runner', () => {
  test('waits for the first without a snapshot, for which the first would wait while it builds an index concurrently', async () => {
    await stage.write(
      '0002_index',
      '-- blotter: no-transaction\ncreate index concurrently if not exists rows_idx on rows (id);',
    );
    await blocker.query('begin; insert into rows values (2)');
    const first = stage.migrator().up();
    await until(`select 1 from pg_stat_progress_create_index where datname = current_database()`);
    const second = stage.migrator().up();
    await until(
      `select 1 from pg_stat_activity where datname = current_database() and query like 'select pg_%advisory_lock(%'`,
    );
    await blocker.query('commit');
    const reports = await Promise.all([first, second]);
    expect(reports.map(({ applied }) => applied.length)).toEqual([1, 0]);
    expect(await stage.migrator().verify()).toEqual([]);
  });

  test('gives up after the time that it was given, and says who holds the lock', async () => {
    await blocker.query('select pg_advisory_lock(2568837)');
    await expect(stage.migrator({}, { waitMs: 120 }).up()).rejects.toMatchObject({
      code: 'MIGRATION_RUNNING',
      message: expect.stringContaining(`process ${blocker.backendPid}`) as string,
    });
  });
});

async function until(condition: string): Promise<void> {
  while ((await stage.query(condition)).length === 0) await sleep(10);
}

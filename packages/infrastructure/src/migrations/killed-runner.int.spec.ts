import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { MigrationStage } from '../../test/migration-stage.js';
import { Session } from '../database/session.js';

const RUNNER = fileURLToPath(new URL('../../test/migration-runner.ts', import.meta.url));

/** What the runner waits for in the middle of its file, until the test lets go of it. */
const GATE = 'select pg_advisory_xact_lock(42);';

let stage: MigrationStage;
let gate: Session;

beforeEach(async () => {
  stage = await MigrationStage.open();
  gate = await Session.connect(stage.storage.config);
  await stage.write('0001_rows', 'create table rows (id int); insert into rows values (1);', 'drop table rows;');
  await stage.migrator().up();
});
afterEach(async () => {
  await gate.close();
  await stage[Symbol.asyncDispose]();
});

describe('a runner that is killed (SIGKILL) in the middle', () => {
  test('of a change of tables: nothing of it is there, and the next run does it', async () => {
    await stage.write(
      '0002_more',
      `create table half ();\n--> statement-breakpoint\n${GATE}\n--> statement-breakpoint\ncreate table whole ();`,
    );
    await killInTheMiddle('up', 'select pg_advisory_lock(42)', 'select pg_advisory_unlock(42)');
    expect(await stage.tables()).toEqual(['rows']);
    expect((await stage.migrator().up()).current).toBe('0002');
    expect(await stage.tables()).toEqual(['half', 'rows', 'whole']);
  });

  test('of a change of data: it is made once', async () => {
    await stage.write('0002_data', `update rows set id = id + 1;\n--> statement-breakpoint\n${GATE}`);
    await killInTheMiddle('up', 'select pg_advisory_lock(42)', 'select pg_advisory_unlock(42)');
    expect((await stage.migrator().up()).current).toBe('0002');
    expect(await stage.query('select id from rows')).toEqual([{ id: 2 }]);
  });

  test('of going back: everything is still there, and the next run goes back', async () => {
    await stage.write('0002_more', 'create table more ();', `drop table more;\n--> statement-breakpoint\n${GATE}`);
    await stage.migrator().up();
    await killInTheMiddle('down', 'select pg_advisory_lock(42)', 'select pg_advisory_unlock(42)');
    expect(await stage.tables()).toEqual(['more', 'rows']);
    expect((await stage.migrator().down()).current).toBe('0001');
    expect(await stage.tables()).toEqual(['rows']);
  });

  test('of a concurrent index: the next run says to repair, and repair builds it', async () => {
    await stage.write(
      '0002_index',
      '-- blotter: no-transaction\ncreate index concurrently if not exists rows_idx on rows (id);',
    );
    await killInTheMiddle('up', 'begin; insert into rows values (2)', 'commit');
    expect((await stage.migrator().verify()).map(({ code }) => code)).toEqual([
      'MIGRATION_UNFINISHED',
      'INDEX_INVALID',
    ]);
    await expect(stage.migrator().up()).rejects.toMatchObject({
      code: 'MIGRATION_UNFINISHED',
      version: '0002',
      message: expect.stringContaining('Run repair') as string,
    });
    expect(await stage.migrator().repair()).toMatchObject({
      finished: [{ version: '0002', name: 'index' }],
      rebuilt: ['rows_idx'],
    });
    expect(await stage.migrator().verify()).toEqual([]);
    expect((await stage.migrator().up()).applied).toEqual([]);
  });
});

/** Kills a runner while it waits for the gate, and opens the gate when the server has let go of what the runner held. */
async function killInTheMiddle(direction: 'up' | 'down', close: string, open: string): Promise<void> {
  await gate.query(close);
  const url = new URL(inject('serverUrl'));
  url.pathname = `/${stage.storage.config.settings.name}`;
  const program = ['--conditions=@blotter/source', '--import', 'tsx', RUNNER, url.href, stage.folder, direction];
  const runner = spawn(process.execPath, program, { stdio: 'inherit' });
  const ended = new Promise((resolve) =>
    runner.on('exit', (_, signal) => {
      resolve(signal);
    }),
  );
  const waiting = `select pid::text from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  const [held] = await until(
    () => stage.query<{ pid: string }>(waiting),
    (rows) => rows.length > 0,
  );
  runner.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  // It is noticed although the server's process does nothing but wait.
  await until(
    () => stage.query('select 1 from pg_stat_activity where pid = $1', [held?.pid ?? '']),
    (rows) => rows.length === 0,
  );
  await gate.query(open);
}

async function until<Result>(look: () => Promise<Result>, isSo: (result: Result) => boolean): Promise<Result> {
  for (;;) {
    const result = await look();
    if (isSo(result)) return result;
    await sleep(20);
  }
}

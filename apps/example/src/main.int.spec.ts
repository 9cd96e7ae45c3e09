import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@blotter/embedded-postgres';
import { Database, DatabaseConfig, Migrator, proveBook } from '@blotter/infrastructure';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const WORKSPACE = fileURLToPath(new URL('../../..', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

interface App {
  readonly ended: Promise<Ended>;
  /** Resolves when the output holds the text. */
  says(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** The app as a process of its own, as `npm start` runs it. */
function start(args: readonly string[], databaseUrl?: string): App {
  const environment = { ...process.env, DATABASE_URL: databaseUrl ?? '', NO_COLOR: '1' };
  const app = spawn(process.execPath, ['--conditions=@blotter/source', '--import', 'tsx', MAIN, ...args], {
    cwd: WORKSPACE,
    env: environment,
  });
  let output = '';
  let errors = '';
  const listeners = new Set<() => void>();
  app.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    for (const listener of listeners) listener();
  });
  app.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<Ended>((resolve) => {
    app.on('close', (code) => {
      resolve({ code, output, errors });
    });
  });
  return {
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (output.includes(text)) resolve();
        };
        listeners.add(look);
        look();
        void ended.then(() => {
          reject(new Error(`It ended without saying "${text}": ${output}${errors}`));
        });
      }),
    kill: (signal) => app.kill(signal),
  };
}

function lastLineOf({ output, errors }: Ended): Record<string, unknown> {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new Error(`The last line is no JSON: ${output}${errors}`);
  return JSON.parse(line) as Record<string, unknown>;
}

const enoughToTrade = (milliseconds = 700) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('npm start with a server of its own', { timeout: 120_000 }, () => {
  let dataDirectory: string;
  const run = (...args: readonly string[]) => start(['--data-directory', dataDirectory, ...args]);

  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'blotter-example-'));
    await chmod(dataDirectory, 0o755);
  });
  afterAll(() => rm(dataDirectory, { recursive: true, force: true }));

  it('runs a session, and the next one beside it, with the same outcome and difference 0', async () => {
    const first = await run('--json', '--days', '60').ended;
    const second = await run('--json', '--days', '60').ended;
    expect([first.code, second.code]).toEqual([0, 0]);
    const [one, two] = [lastLineOf(first), lastLineOf(second)];
    const { orders, executions, duplicatesIgnored } = one;
    expect(one).toMatchObject({ sessions: 1, snapshots: 120, difference: 0 });
    expect(two).toMatchObject({ sessions: 2, snapshots: 120, difference: 0, orders, executions, duplicatesIgnored });
    expect(Number(executions)).toBeGreaterThan(0);
    expect(Number(duplicatesIgnored)).toBeGreaterThan(0);
  });

  it('logs as lines of JSON on the error output, when it is asked to', async () => {
    const { code, errors } = await run('--json', '--days', '20', '--log-level', 'debug').ended;
    expect(code).toBe(0);
    const lines = errors
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly msg: string });
    expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['session opened', 'database closes']));
  });

  it('shows the figures, the curve, the last trades, the database and the proof', async () => {
    const { code, output } = await run('--days', '60').ended;
    expect(code).toBe(0);
    for (const part of [
      'Sharpe ratio',
      '┤',
      'Last trades',
      'Recording a fill, p99',
      'Rows in executions',
      'Recomputed',
    ]) {
      expect(output).toContain(part);
    }
    expect(output).toMatch(/Proven: [\d,]+ figures .*difference 0\./);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is ended in order by %s, and the next run says so', async (signal, code) => {
    const app = run();
    await app.says('Session #');
    await enoughToTrade();
    app.kill(signal);
    const ended = await app.ended;
    expect([ended.code, ended.errors]).toEqual([code, '']);
    const [, executions = ''] = /ends here, and its ([\d,]+) executions are kept/.exec(ended.output) ?? [];
    const next = await run('--json', '--days', '5').ended;
    expect(next.output).toMatch(
      new RegExp(`was interrupted on \\d{4}-\\d{2}-\\d{2}; its ${executions} executions are intact and proven`),
    );
    expect(lastLineOf(next)).toMatchObject({ difference: 0 });
  });

  it('is killed, and the next run says so and proves what was committed', async () => {
    const app = run();
    await app.says('Session #');
    await enoughToTrade();
    app.kill('SIGKILL');
    await app.ended;
    const next = await run('--json', '--days', '5').ended;
    expect(next.output).toMatch(/was interrupted on .* are intact and proven/);
    expect(lastLineOf(next)).toMatchObject({ difference: 0 });
    const after = await run('--json', '--days', '5').ended;
    expect(after.output).not.toContain('interrupted');
  });
});

describe('npm start with DATABASE_URL', { timeout: 120_000 }, () => {
  let server: EmbeddedPostgres | undefined;
  let maintenanceUrl: string;
  const created: string[] = [];

  /** An empty database; dropped when the tests are over. */
  async function emptyDatabase(): Promise<string> {
    const name = `blotter_test_${randomBytes(6).toString('hex')}`;
    created.push(name);
    await query(maintenanceUrl, `create database ${name}`);
    const url = new URL(maintenanceUrl);
    url.pathname = `/${name}`;
    return url.href;
  }

  async function query(url: string, text: string): Promise<readonly unknown[]> {
    const database = await Database.connect(DatabaseConfig.fromUrl(url, { minPoolSize: 0 }));
    try {
      return await database.query(text);
    } finally {
      await database.close();
    }
  }

  beforeAll(async () => {
    const given = process.env['BLOTTER_TEST_DATABASE_URL'];
    if (given) {
      maintenanceUrl = given;
    } else {
      server = await startEmbeddedPostgres({ settings: { fsync: 'off' } });
      maintenanceUrl = server.url();
    }
  });
  afterAll(async () => {
    for (const name of created) await query(maintenanceUrl, `drop database if exists ${name} with (force)`);
    await server?.stop();
  });

  it('keeps the book there', async () => {
    const url = await emptyDatabase();
    const ended = await start(['--json', '--days', '10', '--symbols', 'AAPL'], url).ended;
    expect(lastLineOf(ended)).toMatchObject({ sessions: 1, snapshots: 10, difference: 0 });
    expect(await query(url, 'select count(*)::int as snapshots from portfolio_snapshots')).toEqual([{ snapshots: 11 }]);
  });

  it('refuses a database that holds tables that are not ours, in one line, and writes nothing', async () => {
    const url = await emptyDatabase();
    await query(url, 'create table customers (id int primary key)');
    const ended = await start([], url).ended;
    expect(ended).toMatchObject({ code: 1, output: '' });
    expect(ended.errors).toMatch(/^blotter: This database holds tables that are not [^\n]*\n$/);
    expect(await query(url, `select tablename from pg_tables where schemaname = 'public'`)).toEqual([
      { tablename: 'customers' },
    ]);
  });

  it('fails when a stored figure is not what the executions make of it', async () => {
    const url = await emptyDatabase();
    await start(['--json', '--days', '5'], url).ended;
    await query(url, `update portfolios set realised_pnl = realised_pnl + 1e-18 where name = 'Bitcoin breakout #1'`);
    const ended = await start(['--json', '--days', '5'], url).ended;
    expect(ended.code).toBe(1);
    expect(lastLineOf(ended)).toMatchObject({ sessions: 2, difference: '0.000000000000000001' });
  });

  it('refuses a second session while one is running', async () => {
    const url = await emptyDatabase();
    const running = start([], url);
    await running.says('Session #1');
    const second = await start([], url).ended;
    running.kill('SIGTERM');
    await running.ended;
    expect(second).toMatchObject({ code: 1, output: '' });
    expect(second.errors).toMatch(/^blotter: Another paper-trading session is running on this database\.[^\n]*\n$/);
  });

  it('ends within the drain time of SIGTERM although the database makes it wait, and loses nothing', async () => {
    const url = await emptyDatabase();
    const app = start([], url);
    await app.says('Session #1');
    const database = await Database.connect(DatabaseConfig.fromUrl(url, { maxPoolSize: 1 }));
    const executions = () => database.query('select from executions limit 20');
    await expect.poll(executions, { timeout: 60_000 }).toHaveLength(20);
    // Longer than the app would wait for a lock by itself.
    const holder = database.begin();
    await holder.sql('lock table portfolios in access exclusive mode');
    app.kill('SIGTERM');
    const ended = await app.ended;
    const rolledBackOnItsOwn = holder.isActive;
    await holder.rollback();
    await database.close();
    expect({ ...ended, rolledBackOnItsOwn }).toMatchObject({ code: 143, errors: '', rolledBackOnItsOwn: true });
    const [, kept = ''] = /session #1 ends here, and its ([\d,]+) executions are kept/.exec(ended.output) ?? [];
    expect(Number(kept.replaceAll(',', ''))).toBeGreaterThan(0);
    expect(await query(url, 'select count(*)::int as executions from executions')).toEqual([
      { executions: Number(kept.replaceAll(',', '')) },
    ]);
    const next = await start(['--json', '--days', '5'], url).ended;
    expect(next.output).toContain(`its ${kept} executions are intact and proven`);
    expect(lastLineOf(next)).toMatchObject({ difference: 0 });
  });

  it('fills on while migrations of the tables that it writes go up and down again', async () => {
    const url = await emptyDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'blotter-migrations-'));
    await cp(join(WORKSPACE, 'packages/infrastructure/migrations'), folder, { recursive: true });
    // Another type of a column: what was prepared before must be prepared again.
    const tables = ['portfolios', 'orders', 'positions', 'executions'];
    const all = (change: string) => tables.map((table) => `alter table ${table} ${change};`).join('\n');
    await writeFile(join(folder, '9001_currency.sql'), all('alter column currency type varchar(20)'));
    await writeFile(join(folder, '9001_currency.down.sql'), all('alter column currency type text'));
    const app = start([], url);
    await app.says('Session #1');
    const executions = async () => (await query(url, 'select from executions')).length;
    const fillsOn = async () => {
      const before = await executions();
      await Promise.race([expect.poll(executions, { timeout: 60_000 }).toBeGreaterThan(before + 5), app.ended]);
    };
    await fillsOn();
    const migrator = new Migrator(DatabaseConfig.fromUrl(url, { migrationLockTimeoutMs: 100 }), { folder });
    for (const move of [() => migrator.up(), () => migrator.down()]) {
      await move();
      await fillsOn();
    }
    app.kill('SIGTERM');
    expect(await app.ended).toMatchObject({ code: 143, errors: '' });
    await using database = await Database.connect(DatabaseConfig.fromUrl(url, { minPoolSize: 0 }));
    expect(await proveBook(database)).toMatchObject({ difference: '0', mismatches: [] });
    await rm(folder, { recursive: true });
  });

  it.each([
    ['is no URL', 'nonsense', /not of the form postgresql:/],
    ['names no server', 'postgres://blotter@127.0.0.1:1/blotter', /No database server answers at 127\.0\.0\.1:1\./],
  ])('that %s says what to do, in one line', async (_, url, message) => {
    const ended = await start([], url).ended;
    expect(ended).toMatchObject({ code: 1, output: '' });
    expect(ended.errors).toMatch(message);
    expect(ended.errors.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('the command line', () => {
  it.each([
    [['--symbols', 'TSLA'], /There are no prices of TSLA\. Choose from AAPL,/],
    [['--symbols', 'aapl'], /A symbol is 1 to 32 of A-Z/],
    [['--days', '0'], /It is a whole number from 1\./],
    [['--nonsense'], /unknown option '--nonsense'/],
  ])('%j is refused before anything starts', async (args, message) => {
    const ended = await start(args).ended;
    expect(ended).toMatchObject({ code: 1, output: '' });
    expect(ended.errors).toMatch(message);
  });
});

import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { atTerminal } from '../test/at-terminal.js';
import { createScratchDatabase, type ScratchDatabase } from '../test/scratch-database.js';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const MIGRATIONS = fileURLToPath(new URL('../../../packages/infrastructure/migrations', import.meta.url));

let scratch: ScratchDatabase;
let folder: string;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  folder = await mkdtemp(join(tmpdir(), 'blotter-db-'));
  await cp(MIGRATIONS, folder, { recursive: true });
});
afterAll(async () => {
  await scratch[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const NODE = [process.execPath, '--conditions=@blotter/source', '--import', 'tsx'] as const;
const environment = () => ({ ...process.env, DATABASE_URL: scratch.url });

async function db(...parameters: string[]) {
  const own = parameters.includes('--folder') ? [] : ['--folder', folder];
  const [node, ...options] = NODE;
  const child = spawn(node, [...options, MAIN, ...parameters, ...own], { env: environment() });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

describe('npm run db', () => {
  test('goes up to a version, shows where it is and what would come, and goes on', async () => {
    expect(await db('up', '--to', '0001')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('at 0001') as string,
    });
    expect((await db('status')).stdout).toMatch(
      /0001 +│ version_check +│ applied[^\n]+\n[^\n]+\n│ 0002 +│ append_only +│ pending/,
    );
    expect((await db('plan')).stdout).toMatch(/-- up 0002_append_only\n[^]*create function refuse_change/);
    const { code, stdout } = await db('up', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { applied: expect.any(Array) as unknown[] }]);
  });

  test('goes back only when it is told to, and loses nothing that was not named', async () => {
    await db('up', '--to', '0004');
    await db('down', '--to', '0004', '--yes');
    expect(await db('down')).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('--yes') as string });
    expect(await db('down', '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^MIGRATION_LOSES_DATA: .*--accept-loss 0004/) as string,
    });
    expect(await db('down', '--yes', '--accept-loss', '0004')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('at 0003') as string,
    });
    expect((await db('redo', '--yes', '--json')).stdout).toContain('"current":"0003"');
  });

  // `script` of other systems takes other parameters.
  test.runIf(process.platform === 'linux')('asks at a terminal, and does what it was told', async ({ signal }) => {
    const answering = (answer: string) =>
      atTerminal(
        [...NODE, MAIN, 'down', '--folder', folder],
        (shown) => (shown.endsWith('[y/N] ') ? `${answer}\n` : undefined),
        { env: environment(), signal },
      );
    const refused = await answering('n');
    expect(refused).toMatchObject({ code: 3, shown: expect.stringContaining('Take back 0003? [y/N] ') as string });
    expect(refused.shown).toContain('NOT_CONFIRMED: Nothing was done.');
    const done = await answering('y');
    expect(done).toMatchObject({ code: 0, shown: expect.stringContaining('Take back 0003? [y/N] ') as string });
    expect(done.shown).toContain('at 0002');
  });

  test('says what does not agree, by an exit code of its own, and how it is repaired', async () => {
    expect(await db('verify', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
    await writeFile(join(folder, '0001_version_check.down.sql'), 'drop function require_one;');
    const { code, stdout } = await db('verify', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([2, [{ code: 'MIGRATION_EDITED', version: '0001' }]]);
    const refused = await db('up', '--json');
    expect([refused.code, JSON.parse(refused.stderr)]).toMatchObject([
      1,
      { code: 'MIGRATION_EDITED', version: '0001' },
    ]);
    expect((await db('repair', '--accept', '0001')).stdout).toContain('0001_version_check');
    expect((await db('verify')).code).toBe(0);
    expect((await db('baseline', '--to', '0001')).stderr).toMatch(/^SCHEMA_NOT_EMPTY/);
  });

  test.each([
    ['what was not confirmed', ['down'], 3, 'NOT_CONFIRMED'],
    ['a folder that is not there', ['status', '--folder', '/nowhere'], 1, 'ENOENT'],
    ['an option that is not there', ['up', '--two'], 1, 'commander.unknownOption'],
    ['a direction that is none', ['plan', 'dwon'], 1, 'commander.invalidArgument'],
    ['a command that is not there', ['upp'], 1, 'commander.unknownCommand'],
  ])('%s is one line for people, and one JSON value with --json', async (_, parameters, code, error) => {
    const [forPeople, forPrograms] = await Promise.all([db(...parameters), db(...parameters, '--json')]);
    expect(forPeople).toMatchObject({ code, stdout: '' });
    expect(forPeople.stderr).not.toMatch(/\n\s+at /);
    expect(forPrograms).toMatchObject({ code, stdout: '' });
    expect(JSON.parse(forPrograms.stderr)).toMatchObject({ code: error, message: expect.any(String) as string });
  });

  test('explains itself', async () => {
    expect((await db('--help')).stdout).toMatch(/up[^]*down[^]*repair[^]*generate[^]*Exit codes: 0 done/);
  });
});

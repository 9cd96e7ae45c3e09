import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downSql, type DownSql } from './down-sql.js';
import type { Snapshot } from './snapshot.js';

/** Where drizzle.config.ts is, and the folder of the migrations beside it. */
const INFRASTRUCTURE = fileURLToPath(new URL('../../../../packages/infrastructure/', import.meta.url));

const EMPTY = {
  id: '00000000-0000-0000-0000-000000000000',
  prevId: '',
  version: '7',
  dialect: 'postgresql',
  tables: {},
  enums: {},
  schemas: {},
  sequences: {},
  roles: {},
  policies: {},
  views: {},
  _meta: { schemas: {}, tables: {}, columns: {} },
} satisfies Snapshot & Readonly<Record<string, unknown>>;

/** drizzle-kit writes between statements what it reads its files apart by. */
const BREAKPOINT = '--> statement-breakpoint';

/**
 * Runs drizzle-kit, which may ask on the terminal what was renamed, and writes the way back beside what it wrote.
 * @param isCustom for SQL by hand: both files are made empty
 * @param home where drizzle.config.ts is; that of this repository unless said otherwise
 * @returns the files that were written; none when the schema has not changed
 */
export async function generate(
  name: string,
  isCustom: boolean,
  home: string = INFRASTRUCTURE,
): Promise<readonly string[]> {
  const folder = join(home, 'migrations');
  const before = new Set(await readdir(folder));
  await drizzleKit(home, ['generate', '--name', name, ...(isCustom ? ['--custom'] : [])]);
  const up = (await readdir(folder)).find((file) => file.endsWith('.sql') && !before.has(file));
  if (up === undefined) return [];
  const down = up.replace(/\.sql$/, '.down.sql');
  const text = isCustom ? `-- The way back of ${up}, by hand.\n` : textOf(await wayBack(folder, up));
  await writeFile(join(folder, down), text);
  return [up, down];
}

/** A down file. */
export function textOf({ losses, statements }: DownSql): string {
  const header = losses.map((loss) => `-- blotter: loss ${loss}\n`).join('');
  return `${header}${statements.join(`\n${BREAKPOINT}\n`)}\n`;
}

async function wayBack(folder: string, up: string): Promise<DownSql> {
  const snapshots = (await readdir(join(folder, 'meta'))).filter((file) => file.endsWith('_snapshot.json')).sort();
  const [present = EMPTY, before = EMPTY] = await Promise.all(
    snapshots
      .slice(-2)
      .reverse()
      .map(async (file) => JSON.parse(await readFile(join(folder, 'meta', file), 'utf8')) as Snapshot),
  );
  const forward = (await readFile(join(folder, up), 'utf8')).split(BREAKPOINT);
  return downSql(before, present, forward);
}

async function drizzleKit(home: string, parameters: readonly string[]): Promise<void> {
  const program = join(dirname(createRequire(import.meta.url).resolve('drizzle-kit')), 'bin.cjs');
  const child = spawn(process.execPath, [program, ...parameters], { cwd: home, stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  if (code !== 0) throw new Error(`drizzle-kit ended with ${code ?? 'a signal'}.`);
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MigrationError } from './migration-error.js';
import { parseScript, type MigrationScript } from './migration-script.js';

/** A migration, as its files have it: `0005_name.sql`, and beside it `0005_name.down.sql`. */
export interface Migration {
  /** Four digits; the order of application. */
  readonly version: string;
  readonly name: string;
  readonly up: MigrationScript;
  /** Undefined where there is no way back. */
  readonly down: MigrationScript | undefined;
}

/** The migrations that come with this package; the folder has the same place beside src and dist. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations/', import.meta.url));

const UP = /^(\d{4})_(\w+)\.sql$/;

/**
 * The migrations of a folder, in their order. A file that ends in .sql and is none is refused, for it would be skipped silently.
 * @throws MigrationError MIGRATION_DUPLICATED, MIGRATION_MALFORMED
 */
export async function readMigrations(folder: string = MIGRATIONS_FOLDER): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const ups = names.filter((name) => UP.test(name));
  refuseStrays(names, ups);
  return Promise.all(
    ups.map(async (file) => {
      const [, version = '', name = ''] = UP.exec(file) ?? [];
      const read = async (path: string) => parseScript(version, await readFile(join(folder, path), 'utf8'));
      const down = downFileOf(file);
      return { version, name, up: await read(file), down: names.includes(down) ? await read(down) : undefined };
    }),
  );
}

/** The way back. @throws MigrationError MIGRATION_ONE_WAY */
export function downOf({ version, name, down }: Migration): MigrationScript {
  if (down) return down;
  throw new MigrationError(
    'MIGRATION_ONE_WAY',
    version,
    `Migration ${version} has no down file. Write ${version}_${name}.down.sql, or restore a backup.`,
  );
}

function refuseStrays(names: readonly string[], ups: readonly string[]): void {
  const versions = ups.map((name) => name.slice(0, 4));
  const twice = versions.find((version, index) => versions.indexOf(version) !== index);
  if (twice !== undefined) {
    throw new MigrationError(
      'MIGRATION_DUPLICATED',
      twice,
      `Two migrations have the version ${twice}. Give the one that is applied nowhere yet the next free number.`,
    );
  }
  const expected = new Set([...ups, ...ups.map(downFileOf)]);
  const stray = names.find((name) => !expected.has(name));
  if (stray !== undefined) {
    throw new MigrationError(
      'MIGRATION_MALFORMED',
      undefined,
      `${stray} is not the name of a migration: 0005_name.sql, and 0005_name.down.sql beside it. Rename or remove it.`,
    );
  }
}

const downFileOf = (up: string) => up.replace(/\.sql$/, '.down.sql');

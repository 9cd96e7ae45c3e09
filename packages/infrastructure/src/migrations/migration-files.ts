import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A forward migration, as its file has it. */
export interface MigrationFile {
  /** Four digits; the order of application. */
  readonly version: string;
  readonly name: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly checksum: string;
  readonly sql: string;
}

/** The migrations that come with this package; the folder has the same place beside src and dist. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations/', import.meta.url));

const FILE_NAME = /^(\d{4})_(\w+)\.sql$/;

/** The migrations of a folder, in their order. */
export async function readMigrationFiles(folder: string = MIGRATIONS_FOLDER): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((file) => FILE_NAME.test(file)).sort();
  return Promise.all(
    names.map(async (file) => {
      const [, version = '', name = ''] = FILE_NAME.exec(file) ?? [];
      const sql = await readFile(join(folder, file), 'utf8');
      return { version, name, checksum: createHash('sha256').update(sql).digest('hex'), sql };
    }),
  );
}

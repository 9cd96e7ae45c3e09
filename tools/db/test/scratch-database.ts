import { randomBytes } from 'node:crypto';
import { Database, DatabaseConfig } from '@blotter/infrastructure';
import { inject } from 'vitest';

/** An empty database for one test file. */
export interface ScratchDatabase extends AsyncDisposable {
  readonly url: string;
}

export async function createScratchDatabase(): Promise<ScratchDatabase> {
  // The prefix says what may be dropped: nothing else on the server ever is.
  const name = `blotter_test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} template template0`);
  const url = new URL(inject('serverUrl'));
  url.pathname = `/${name}`;
  return { url: url.href, [Symbol.asyncDispose]: () => administer(`drop database ${name} with (force)`) };
}

async function administer(statement: string): Promise<void> {
  await using database = await Database.connect(DatabaseConfig.fromUrl(inject('serverUrl'), { minPoolSize: 0 }));
  await database.query(statement);
}

import { randomBytes } from 'node:crypto';
import { startEmbeddedPostgres } from '@blotter/embedded-postgres';
import { Database, DatabaseConfig } from '@blotter/infrastructure';

/** An empty database for one test. */
export interface ScratchDatabase extends AsyncDisposable {
  readonly url: string;
}

/** On the server of BLOTTER_TEST_DATABASE_URL, or on one of its own. */
export async function createScratchDatabase(): Promise<ScratchDatabase> {
  const given = process.env['BLOTTER_TEST_DATABASE_URL'];
  const server = given ? undefined : await startEmbeddedPostgres({ settings: { fsync: 'off' } });
  const serverUrl = given ?? server?.url() ?? '';
  // The prefix says what may be dropped: nothing else on the server ever is.
  const name = `blotter_test_${randomBytes(6).toString('hex')}`;
  await administer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      await administer(serverUrl, `drop database ${name} with (force)`);
      await server?.stop();
    },
  };
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const database = await Database.connect(DatabaseConfig.fromUrl(serverUrl, { minPoolSize: 0 }));
  try {
    await database.query(statement);
  } finally {
    await database.close();
  }
}

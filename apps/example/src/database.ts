import { fileURLToPath } from 'node:url';
import type { Logger } from '@blotter/application';
import { startEmbeddedPostgres } from '@blotter/embedded-postgres';
import { Database, DatabaseConfig } from '@blotter/infrastructure';
import { drainAfter } from './drain.js';
import { lockSession } from './session-lock.js';

/** Kept between runs and ignored by git: .blotter at the workspace's root. */
export const DATA_DIRECTORY = fileURLToPath(new URL('../../../.blotter', import.meta.url));
const NAME = 'blotter';

/** A PostgreSQL server to keep the book in. */
interface Server extends AsyncDisposable {
  readonly config: DatabaseConfig;
  /** For people: what it is and where. */
  readonly description: string;
}

/** The server that DATABASE_URL names, or one of our own. @throws ConfigurationError, EmbeddedPostgresError, ConnectionError */
export async function reachServer(environment: NodeJS.ProcessEnv, dataDirectory: string): Promise<Server> {
  if (environment['DATABASE_URL']) {
    const config = DatabaseConfig.fromEnvironment(environment);
    const { host, port, name } = config.settings;
    return {
      config,
      description: `PostgreSQL at ${host}:${port}, database ${name}`,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const server = await startEmbeddedPostgres({ dataDirectory });
  try {
    await createDatabase(DatabaseConfig.fromUrl(server.url()));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    config: DatabaseConfig.fromUrl(server.url(NAME)),
    description: `PostgreSQL ${server.version} of its own, data in ${server.dataDirectory}`,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

async function createDatabase(maintenance: DatabaseConfig): Promise<void> {
  const database = await Database.connect(maintenance);
  try {
    const found = await database.query('select 1 from pg_database where datname = $1', [NAME]);
    if (found.length === 0) await database.query(`create database ${NAME}`);
  } finally {
    await database.close();
  }
}

/** A database that is open, and ours alone as long as it is. */
interface OpenBook extends AsyncDisposable {
  readonly database: Database;
}

/**
 * The book in that server's database, its schema brought up to date; closed within the drain time once it is interrupted.
 * @throws SessionRunningError, and as Database.connect
 */
export async function openBook(config: DatabaseConfig, interruption: AbortSignal, logger: Logger): Promise<OpenBook> {
  const lock = await lockSession(config);
  try {
    const database = await Database.connect(config, { schema: 'migrate', logger });
    const drain = drainAfter(interruption, database);
    return {
      database,
      [Symbol.asyncDispose]: async () => {
        drain[Symbol.dispose]();
        await database.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

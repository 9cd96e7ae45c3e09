import { isDeepStrictEqual } from 'node:util';
import { ConfigurationError, DatabaseClosedError } from '@blotter/application';
import type { DatabaseConfig } from './database-config.js';
import { Database, type DatabaseOptions } from './database.js';

interface Opened {
  readonly config: DatabaseConfig;
  readonly database: Promise<Database>;
}

/**
 * The one place that hands out a process's database and closes it, so that its parts share one pool of sessions instead of
 * bringing one each. Whoever would rather pass a `Database` along has no need of it.
 */
class ProcessDatabase {
  private opened: Opened | undefined;

  /**
   * Connects at the first call; each later one, also while that is under way, gets the same database, whatever its options.
   * @throws ConfigurationError when another database is open; ConnectionError, after which the next call connects again
   */
  connect(config: DatabaseConfig, options?: DatabaseOptions): Promise<Database> {
    if (this.opened) return isSame(this.opened.config, config) ? this.opened.database : Promise.reject(another());
    const opened: Opened = { config, database: Database.connect(config, options) };
    this.opened = opened;
    opened.database.catch(() => {
      if (this.opened === opened) this.opened = undefined;
    });
    return opened.database;
  }

  /** The database that was connected. @throws DatabaseClosedError when there is none, or no longer */
  async get(): Promise<Database> {
    if (!this.opened) throw new DatabaseClosedError();
    return this.opened.database;
  }

  /** Waits for the units of work that are under way, and closes the database. Does nothing when there is none. */
  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    const database = await opened?.database.catch(() => undefined);
    await database?.close();
  }
}

/** Of this process. */
export const processDatabase = new ProcessDatabase();

function isSame(a: DatabaseConfig, b: DatabaseConfig): boolean {
  const shown = (config: DatabaseConfig) => [config.settings, config.password(), config.tls().material()];
  return isDeepStrictEqual(shown(a), shown(b));
}

function another(): ConfigurationError {
  return new ConfigurationError(
    'This process is connected with another configuration. Close that database first, or use Database.connect for a second one.',
  );
}

import { isDeepStrictEqual } from 'node:util';
import { ConfigurationError, DatabaseClosedError } from '@blotter/application';
import type { DatabaseConfig } from './database-config.js';
import { Database, type CloseOptions, type DatabaseOptions } from './database.js';

interface Opened {
  readonly config: DatabaseConfig;
  readonly database: Promise<Database>;
  /** Once it is there. */
  connected?: Database;
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
  async connect(config: DatabaseConfig, options?: DatabaseOptions): Promise<Database> {
    const current = this.current();
    if (current) {
      if (!isSame(current.config, config)) throw another();
      return current.database;
    }
    const opened: Opened = { config, database: Database.connect(config, options) };
    this.opened = opened;
    opened.database.then(
      (database) => {
        opened.connected = database;
      },
      () => {
        if (this.opened === opened) this.opened = undefined;
      },
    );
    return opened.database;
  }

  /** The database that was connected. @throws DatabaseClosedError when there is none, or no longer */
  async get(): Promise<Database> {
    const current = this.current();
    if (!current) throw new DatabaseClosedError();
    return current.database;
  }

  /** Closes the database as its own `close` does. Does nothing when there is none. */
  async close(options?: CloseOptions): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    const database = await opened?.database.catch(() => undefined);
    await database?.close(options);
  }

  /** What is open or being opened; not one that somebody has closed without asking here. */
  private current(): Opened | undefined {
    if (this.opened?.connected?.live() === false) this.opened = undefined;
    return this.opened;
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

import { Blotter } from '@blotter/application';
import { Database } from '../src/database/database.js';
import type { DatabaseSettings } from '../src/database/database-config.js';
import type { PostgresUnitOfWork } from '../src/transactions/postgres-unit-of-work.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** A book in a database of a test file's own, and the commands that write it. */
export interface TestBook {
  readonly storage: TestDatabase;
  readonly database: Database;
  readonly blotter: Blotter<PostgresUnitOfWork>;
  /** Closes the database and drops it. */
  drop(): Promise<void>;
}

export async function openTestBook(settings: DatabaseSettings = {}): Promise<TestBook> {
  const storage = await createTestDatabase({ settings });
  const database = await Database.connect(storage.config);
  return {
    storage,
    database,
    blotter: new Blotter(database),
    drop: async () => {
      await database.close();
      await storage.drop();
    },
  };
}

import { randomBytes } from 'node:crypto';
import { DatabaseConfig, type DatabaseSettings } from '../src/database/database-config.js';
import postgres from 'postgres';
import { inject } from 'vitest';

/** A database of a test file's own, cloned from the migrated template (or empty), and dropped when the file is done. */
export interface TestDatabase {
  readonly config: DatabaseConfig;
  /** The same database with other settings. */
  configWith(settings: DatabaseSettings): DatabaseConfig;
  drop(): Promise<void>;
}

export async function createTestDatabase(
  options: { readonly empty?: boolean; readonly settings?: DatabaseSettings } = {},
): Promise<TestDatabase> {
  const [serverUrl, directUrl] = [inject('serverUrl'), inject('directUrl')];
  const pooler = serverUrl === directUrl ? 'none' : 'transaction';
  // The prefix says what may be dropped: nothing else on the server ever is.
  const name = `blotter_test_${randomBytes(6).toString('hex')}`;
  const template = options.empty ? 'template0' : inject('templateDatabase');
  await administer(directUrl, `create database ${name} template ${template}`);
  const configWith = (settings: DatabaseSettings) =>
    DatabaseConfig.fromUrl(serverUrl, { minPoolSize: 1, pooler, ...settings }).withName(name);
  return {
    config: configWith(options.settings ?? {}),
    configWith,
    drop: () => administer(directUrl, `drop database if exists ${name} with (force)`),
  };
}

async function administer(directUrl: string, statement: string): Promise<void> {
  const sql = postgres(directUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

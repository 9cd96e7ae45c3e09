import { randomBytes } from 'node:crypto';
import { startEmbeddedPostgres } from '@blotter/embedded-postgres';
import { DatabaseConfig } from '../src/database/database-config.js';
import { Migrator } from '../src/migrations/migrator.js';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server that tests may make databases on. */
    readonly serverUrl: string;
    /** The same server without a pooler between, where databases are made and migrated. */
    readonly directUrl: string;
    /** A database with the newest schema, to be cloned. */
    readonly templateDatabase: string;
  }
}

/**
 * One server for a run, or the one of BLOTTER_TEST_DATABASE_URL; one migrated template that each file clones. Where that is a
 * pooler, BLOTTER_TEST_DIRECT_URL is the server behind it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['BLOTTER_TEST_DATABASE_URL'];
  // Nothing of a test run is to be kept, so it need not reach the disk.
  const server = given
    ? undefined
    : await startEmbeddedPostgres({ settings: { fsync: 'off', synchronous_commit: 'off' } });
  const serverUrl = given ?? server?.url() ?? '';
  const directUrl = process.env['BLOTTER_TEST_DIRECT_URL'] ?? serverUrl;
  const templateDatabase = `blotter_test_template_${randomBytes(6).toString('hex')}`;
  const admin = postgres(directUrl, { max: 1, onnotice: () => undefined });
  try {
    await admin.unsafe(`create database ${templateDatabase}`);
    await new Migrator(DatabaseConfig.fromUrl(directUrl).withName(templateDatabase)).up();
  } finally {
    await admin.end();
  }
  project.provide('serverUrl', serverUrl);
  project.provide('directUrl', directUrl);
  project.provide('templateDatabase', templateDatabase);
  return async () => {
    if (given) {
      const sql = postgres(directUrl, { max: 1, onnotice: () => undefined });
      await sql.unsafe(`drop database if exists ${templateDatabase} with (force)`);
      await sql.end();
    }
    await server?.stop();
  };
}

import { startEmbeddedPostgres } from '@blotter/embedded-postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server that tests may make databases on. */
    readonly serverUrl: string;
  }
}

/** One server for a run, or the one of BLOTTER_TEST_DATABASE_URL. Nothing of a test run is to be kept, so it need not reach the disk. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['BLOTTER_TEST_DATABASE_URL'];
  const server = given
    ? undefined
    : await startEmbeddedPostgres({ settings: { fsync: 'off', synchronous_commit: 'off' } });
  project.provide('serverUrl', given ?? server?.url() ?? '');
  return async () => {
    await server?.stop();
  };
}

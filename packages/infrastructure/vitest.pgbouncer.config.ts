import { defineConfig } from 'vitest/config';
import { fromSource } from '../../vitest.shared.js';

/** What runs through PgBouncer, where .ci/pgbouncer has started one. */
export default defineConfig({
  ...fromSource,
  root: import.meta.dirname,
  test: {
    ...fromSource.test,
    name: 'pgbouncer',
    include: ['src/contracts.int.spec.ts', 'src/concurrency.int.spec.ts', 'test/pgbouncer/*.spec.ts'],
    // Statements that are not prepared cost more round trips.
    testTimeout: 120_000,
    globalSetup: ['test/global-setup.ts'],
  },
});

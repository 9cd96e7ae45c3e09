import { defaultServerConditions } from 'vite';

const fromSources = { resolve: { conditions: ['@blotter/source', ...defaultServerConditions] } };

/** What every project's vitest.config.ts starts from: workspace packages resolve to their sources, so tests need no build. */
export const fromSource = {
  ssr: fromSources,
  // Vitest runs the global setup in an environment of its own.
  environments: { __vitest__: fromSources },
  test: { include: ['src/**/*.spec.ts'], passWithNoTests: false, testTimeout: 120_000, hookTimeout: 120_000 },
};

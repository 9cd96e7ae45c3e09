import { defaultServerConditions } from 'vite';

/** As Node resolves, which knows no `module`: what @opentelemetry/api has under that condition only a bundler can read. */
const nodeConditions = defaultServerConditions.filter((condition) => condition !== 'module');

const fromSources = { resolve: { conditions: ['@blotter/source', ...nodeConditions] } };

/** What every project's vitest.config.ts starts from: workspace packages resolve to their sources, so tests need no build. */
export const fromSource = {
  ssr: fromSources,
  // Vitest runs the global setup in an environment of its own.
  environments: { __vitest__: fromSources },
  test: { include: ['src/**/*.spec.ts'], passWithNoTests: false, testTimeout: 120_000, hookTimeout: 120_000 },
};

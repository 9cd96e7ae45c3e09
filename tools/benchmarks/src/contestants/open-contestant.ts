import type { Open } from './contestant.js';

/** Loads one contestant and what it needs, and nothing of the others. */
export const CONTESTANT_MODULES = {
  raw: () => import('./raw.js'),
  blotter: () => import('./blotter.js'),
  drizzle: () => import('./drizzle.js'),
} as const satisfies Record<string, () => Promise<{ readonly open: Open }>>;

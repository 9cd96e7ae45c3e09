import type { Open } from './contestant.js';

/** Loads one contestant and what it needs, and nothing of the others. */
export const CONTESTANT_MODULES = {
  raw: () => import('./raw.js'),
  'raw-bursts': () => import('./raw-bursts.js'),
  blotter: () => import('./blotter.js'),
  drizzle: () => import('./drizzle.js'),
  'drizzle-prepared': () => import('./drizzle-prepared.js'),
  kysely: () => import('./kysely.js'),
  prisma: () => import('./prisma.js'),
  typeorm: () => import('./typeorm.js'),
  'mikro-orm': () => import('./mikro-orm.js'),
} as const satisfies Record<string, () => Promise<{ readonly open: Open }>>;

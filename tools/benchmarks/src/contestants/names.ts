/**
 * Whoever is measured: the limits, Blotter, what a developer would take instead, and the part of that which a way apart makes fast:
 * it is shown, and is not the peer that the figures are held against.
 */
export const CONTESTANTS = {
  raw: { title: 'raw postgres.js', kind: 'limit' },
  'raw-bursts': { title: 'raw, two bursts', kind: 'limit' },
  pgbench: { title: 'pgbench', kind: 'limit' },
  blotter: { title: 'Blotter', kind: 'blotter' },
  drizzle: { title: 'drizzle', kind: 'peer' },
  'drizzle-prepared': { title: 'drizzle, prepared', kind: 'way apart' },
  kysely: { title: 'Kysely', kind: 'peer' },
  prisma: { title: 'Prisma', kind: 'peer' },
  typeorm: { title: 'TypeORM', kind: 'peer' },
  'mikro-orm': { title: 'MikroORM', kind: 'peer' },
  psycopg: { title: 'psycopg 3', kind: 'peer' },
} as const satisfies Record<
  string,
  { readonly title: string; readonly kind: 'limit' | 'blotter' | 'peer' | 'way apart' }
>;

export type ContestantName = keyof typeof CONTESTANTS;

export const CONTESTANT_NAMES = Object.keys(CONTESTANTS) as readonly ContestantName[];

export const PEERS = CONTESTANT_NAMES.filter((name) => CONTESTANTS[name].kind === 'peer');

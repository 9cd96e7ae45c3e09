/** Whoever is measured: the limits, Blotter, and what a developer would take instead. */
export const CONTESTANTS = {
  raw: { title: 'raw postgres.js', kind: 'limit' },
  pgbench: { title: 'pgbench', kind: 'limit' },
  blotter: { title: 'Blotter', kind: 'blotter' },
  drizzle: { title: 'drizzle', kind: 'peer' },
  kysely: { title: 'Kysely', kind: 'peer' },
  prisma: { title: 'Prisma', kind: 'peer' },
  typeorm: { title: 'TypeORM', kind: 'peer' },
  'mikro-orm': { title: 'MikroORM', kind: 'peer' },
  psycopg: { title: 'psycopg 3', kind: 'peer' },
} as const satisfies Record<string, { readonly title: string; readonly kind: 'limit' | 'blotter' | 'peer' }>;

export type ContestantName = keyof typeof CONTESTANTS;

export const CONTESTANT_NAMES = Object.keys(CONTESTANTS) as readonly ContestantName[];

export const PEERS = CONTESTANT_NAMES.filter((name) => CONTESTANTS[name].kind === 'peer');

/** Whoever is measured: Blotter, and what a developer would take instead. */
export const CONTESTANTS = ['blotter', 'postgres-js-begin', 'drizzle-postgres-js', 'drizzle-node-postgres'] as const;

export type ContestantName = (typeof CONTESTANTS)[number];

/** Those of whom a call takes a deadline and an AbortSignal of its own. */
export const OFFER_GIVING_UP: ReadonlySet<ContestantName> = new Set(['blotter']);

/** Those that are given all servers, and find by themselves the one that may be written. */
export const TAKE_SEVERAL_SERVERS: ReadonlySet<ContestantName> = new Set(['blotter']);

/** As people know them. */
export const CONTESTANT_TITLES: Readonly<Record<ContestantName, string>> = {
  blotter: 'Blotter',
  'postgres-js-begin': 'postgres.js sql.begin',
  'drizzle-postgres-js': 'drizzle on postgres.js',
  'drizzle-node-postgres': 'drizzle on node-postgres',
};

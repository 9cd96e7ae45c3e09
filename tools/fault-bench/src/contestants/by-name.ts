import { blotter } from './blotter.js';
import type { Contestant } from './contestant.js';
import { drizzleNodePostgres } from './drizzle-node-postgres.js';
import { drizzlePostgresJs } from './drizzle-postgres-js.js';
import type { ContestantName } from './names.js';
import { postgresJsBegin } from './postgres-js-begin.js';

export const contestantByName: Readonly<Record<ContestantName, Contestant>> = {
  blotter,
  'postgres-js-begin': postgresJsBegin,
  'drizzle-postgres-js': drizzlePostgresJs,
  'drizzle-node-postgres': drizzleNodePostgres,
};

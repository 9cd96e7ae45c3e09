import { ContestantHost } from '../contestants/contestant-host.js';
import { Tables } from '../verify/tables.js';
import type { FaultContext } from './fault.js';

/** What most faults need: a database of its own, the contestant's process, and direct sight of the tables. */
export interface BenchSession {
  readonly url: string;
  readonly host: ContestantHost;
  readonly tables: Tables;
}

/** Sets it up, and takes it down whatever happens in between. @param folder where the database's tables are to lie */
export async function withSession<Result>(
  { contestant, server }: FaultContext,
  work: (session: BenchSession) => Promise<Result>,
  folder?: string,
): Promise<Result> {
  const url = await server.createDatabase(folder);
  const host = await ContestantHost.start(contestant);
  const tables = new Tables(url);
  try {
    return await work({ url, host, tables });
  } finally {
    await host.stop();
    await tables.close();
  }
}

/** What must be 0 of every contestant's process under every fault. */
export function processFigures(host: ContestantHost): {
  readonly uncaughtErrors: number;
  readonly lostProcesses: number;
} {
  return { uncaughtErrors: host.uncaught.length, lostProcesses: host.lostProcesses };
}

import type { Tables } from './tables.js';

/** What must be 0 after fills were recorded under a fault. A type, not an interface, so that it is a record of figures. */
export type FillJudgement = {
  readonly acknowledgedFillsLost: number;
  readonly fillsStoredTwice: number;
  readonly bookDifferences: number;
};

/** Holds the fills that were told to be recorded against the tables, when every session that could still commit is gone. */
export async function judgeFills(tables: Tables, acknowledged: readonly string[]): Promise<FillJudgement> {
  const stored = await tables.executions();
  return {
    acknowledgedFillsLost: acknowledged.filter((id) => !stored.has(id)).length,
    fillsStoredTwice: [...stored.values()].filter((times) => times > 1).length,
    bookDifferences: await tables.differences(),
  };
}

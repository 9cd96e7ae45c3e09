import type { IsolationLevel } from '@blotter/application';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as anomalies from '../../test/anomalies.js';
import type { Schedule } from '../../test/anomalies.js';
import { IsolationStage } from '../../test/isolation-stage.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';

const LEVELS = ['read committed', 'repeatable read', 'serializable'] as const satisfies readonly IsolationLevel[];

/** It happens. */
const POSSIBLE = 'possible';
/** It does not, and everybody commits. */
const PREVENTED = 'prevented';
/** It does not, because this transaction is refused; `executeWithRetry` would repeat it. */
const T1_REFUSED = 'T1 SERIALIZATION_FAILURE';
const T2_REFUSED = 'T2 SERIALIZATION_FAILURE';
type Outcome = typeof POSSIBLE | typeof PREVENTED | typeof T1_REFUSED | typeof T2_REFUSED;

type AnomalyRow = readonly [name: string, schedule: Schedule, ...outcomes: readonly [Outcome, Outcome, Outcome]];

/** The ten anomalies of the Hermitage suite at the three levels of PostgreSQL, as documented there and in PostgreSQL's manual, 13.2. */
const ANOMALIES: readonly AnomalyRow[] = [
  //                                                                                       read committed, repeatable read, serializable
  ['G0: write cycles', anomalies.writeCycles, PREVENTED, T2_REFUSED, T2_REFUSED],
  ['G1a: aborted reads', anomalies.abortedReads, PREVENTED, PREVENTED, PREVENTED],
  ['G1b: intermediate reads', anomalies.intermediateReads, PREVENTED, PREVENTED, PREVENTED],
  // At serializable it is refused as the write skew that it is too.
  ['G1c: circular information flow', anomalies.circularInformationFlow, PREVENTED, PREVENTED, T2_REFUSED],
  ['OTV: observed transaction vanishes', anomalies.observedTransactionVanishes, PREVENTED, T2_REFUSED, T2_REFUSED],
  ['PMP: predicate-many-preceders', anomalies.predicateManyPreceders, POSSIBLE, PREVENTED, PREVENTED],
  ['P4: lost update', anomalies.lostUpdate, POSSIBLE, T2_REFUSED, T2_REFUSED],
  ['G-single: read skew', anomalies.readSkew, POSSIBLE, PREVENTED, PREVENTED],
  ['G2-item: write skew', anomalies.writeSkew, POSSIBLE, POSSIBLE, T2_REFUSED],
  ['G2: anti-dependency cycle', anomalies.antiDependencyCycle, POSSIBLE, POSSIBLE, T2_REFUSED],
];

/** The suite shows three of them in other forms too. */
const OTHER_FORMS: readonly AnomalyRow[] = [
  ['PMP, of a write', anomalies.predicateManyPrecedersOfAWrite, POSSIBLE, T2_REFUSED, T2_REFUSED],
  ['G-single, of predicates', anomalies.readSkewOfPredicates, POSSIBLE, PREVENTED, PREVENTED],
  ['G-single, of a write', anomalies.readSkewOfAWrite, POSSIBLE, T1_REFUSED, T1_REFUSED],
  ['G2, of two edges', anomalies.antiDependencyCycleOfTwoEdges, POSSIBLE, POSSIBLE, T1_REFUSED],
];

const cells = (rows: readonly AnomalyRow[]) =>
  rows.flatMap(([name, schedule, ...outcomes]) =>
    LEVELS.map((isolation, column) => ({ name, schedule, isolation, outcome: outcomes[column] })),
  );

describe('units of work, through the anomalies of the Hermitage suite', () => {
  let storage: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    storage = await createTestDatabase({ empty: true, settings: { maxPoolSize: 4, minPoolSize: 4 } });
    database = await Database.connect(storage.config);
  });
  afterEach(() => {
    expect(database.statistics().sessions).toMatchObject({ inUse: 0, waiting: 0, created: 4 });
  });
  afterAll(async () => {
    await database.close();
    await storage.drop();
  });

  async function outcomeOf(schedule: Schedule, isolation: IsolationLevel): Promise<string> {
    const stage = await IsolationStage.set(database, isolation);
    try {
      const happened = await schedule(stage);
      return happened ? POSSIBLE : (stage.refusal() ?? PREVENTED);
    } finally {
      await stage.end();
    }
  }

  it.each([...cells(ANOMALIES), ...cells(OTHER_FORMS)])(
    '$name at $isolation: $outcome',
    async ({ schedule, isolation, outcome }) => {
      expect(await outcomeOf(schedule, isolation)).toBe(outcome);
    },
  );

  it('have a table of thirty cells', () => {
    expect(cells(ANOMALIES)).toHaveLength(30);
  });
});

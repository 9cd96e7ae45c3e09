import type { IsolationStage } from './isolation-stage.js';

/** Plays a schedule of transactions to its end; whether the anomaly happened. */
export type Schedule = (stage: IsolationStage) => Promise<boolean>;

// The schedules of the Hermitage suite (https://github.com/ept/hermitage, postgres.md), which names them after Adya's
// definitions. Each transaction begins with its first statement, as there.

export const writeCycles: Schedule = async (stage) => {
  const { t1, t2 } = stage;
  await t1.set(1, 11);
  const waiting = t2.set(1, 12);
  await stage.untilOneWaits();
  await t1.set(2, 21);
  await t1.commit();
  await waiting;
  await t2.set(2, 22);
  await t2.commit();
  const values = (await stage.values()).join();
  return values !== '11,21' && values !== '12,22';
};

export const abortedReads: Schedule = async ({ t1, t2 }) => {
  await t1.set(1, 101);
  const before = await t2.read(1);
  await t1.rollback();
  const after = await t2.read(1);
  await t2.commit();
  return before === 101 || after === 101;
};

export const intermediateReads: Schedule = async ({ t1, t2 }) => {
  await t1.set(1, 101);
  const before = await t2.read(1);
  await t1.set(1, 11);
  await t1.commit();
  const after = await t2.read(1);
  await t2.commit();
  return before === 101 || after === 101;
};

export const circularInformationFlow: Schedule = async ({ t1, t2 }) => {
  await t1.set(1, 11);
  await t2.set(2, 22);
  const [seenByFirst, seenBySecond] = [await t1.read(2), await t2.read(1)];
  await t1.commit();
  await t2.commit();
  return seenByFirst === 22 && seenBySecond === 11;
};

export const observedTransactionVanishes: Schedule = async (stage) => {
  const { t1, t2, t3 } = stage;
  await t1.set(1, 11);
  await t1.set(2, 19);
  const waiting = t2.set(1, 12);
  await stage.untilOneWaits();
  await t1.commit();
  await waiting;
  const seen = [await t3.read(1)];
  await t2.set(2, 18);
  seen.push(await t3.read(2));
  await t2.commit();
  seen.push(await t3.read(2), await t3.read(1));
  await t3.commit();
  // Whose values they are: once a later transaction was seen, the earlier one must not come back.
  const writers = seen.map((value) => ({ 10: 0, 20: 0, 11: 1, 19: 1, 12: 2, 18: 2 })[value ?? NaN] ?? NaN);
  return writers.some((writer, index) => !(writer >= (writers[index - 1] ?? 0)));
};

export const predicateManyPreceders: Schedule = async ({ t1, t2 }) => {
  const before = await t1.sql('select * from test where value = 30');
  await t2.sql('insert into test (id, value) values (3, 30)');
  await t2.commit();
  const after = await t1.sql('select * from test where value % 3 = 0');
  await t1.commit();
  return before.length === 0 && after.length === 1;
};

export const lostUpdate: Schedule = async (stage) => {
  const { t1, t2 } = stage;
  const seen = [await t1.read(1), await t2.read(1)];
  await t1.set(1, 11);
  const waiting = t2.set(1, 12);
  await stage.untilOneWaits();
  await t1.commit();
  await waiting;
  await t2.commit();
  return seen.join() === '10,10' && t1.isCommitted && t2.isCommitted;
};

export const readSkew: Schedule = async ({ t1, t2 }) => {
  const before = await t1.read(1);
  await t2.read(1);
  await t2.read(2);
  await t2.set(1, 12);
  await t2.set(2, 18);
  await t2.commit();
  const after = await t1.read(2);
  await t1.commit();
  return before === 10 && after === 18;
};

export const writeSkew: Schedule = async ({ t1, t2 }) => {
  const both = 'select * from test where id in (1, 2)';
  await t1.sql(both);
  await t2.sql(both);
  await t1.set(1, 11);
  await t2.set(2, 21);
  await t1.commit();
  await t2.commit();
  return t1.isCommitted && t2.isCommitted;
};

export const antiDependencyCycle: Schedule = async ({ t1, t2 }) => {
  const threes = 'select * from test where value % 3 = 0';
  const seen = [...(await t1.sql(threes)), ...(await t2.sql(threes))];
  await t1.sql('insert into test (id, value) values (3, 30)');
  await t2.sql('insert into test (id, value) values (4, 42)');
  await t1.commit();
  await t2.commit();
  return seen.length === 0 && t1.isCommitted && t2.isCommitted;
};

// Further forms of three of them, by other statements.

export const predicateManyPrecedersOfAWrite: Schedule = async (stage) => {
  const { t1, t2 } = stage;
  await t1.sql('update test set value = value + 10');
  const waiting = t2.sql('delete from test where value = 20');
  await stage.untilOneWaits();
  await t1.commit();
  await waiting;
  const left = await t2.sql('select * from test where value = 20');
  await t2.commit();
  return left.length === 1;
};

export const readSkewOfPredicates: Schedule = async ({ t1, t2 }) => {
  await t1.sql('select * from test where value % 5 = 0');
  await t2.sql('update test set value = 12 where value = 10');
  await t2.commit();
  const after = await t1.sql('select * from test where value % 3 = 0');
  await t1.commit();
  return after.length > 0;
};

export const readSkewOfAWrite: Schedule = async ({ t1, t2 }) => {
  await t1.read(1);
  await t2.sql('select * from test');
  await t2.set(1, 12);
  await t2.set(2, 18);
  await t2.commit();
  await t1.sql('delete from test where value = 20');
  await t1.commit();
  return t1.isCommitted;
};

export const antiDependencyCycleOfTwoEdges: Schedule = async ({ t1, t2, t3 }) => {
  await t1.sql('select * from test');
  await t2.sql('update test set value = value + 5 where id = 2');
  await t2.commit();
  await t3.sql('select * from test');
  await t3.commit();
  await t1.set(1, 0);
  await t1.commit();
  return t1.isCommitted;
};

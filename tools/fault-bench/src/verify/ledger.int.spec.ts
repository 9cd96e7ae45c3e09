import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../contestants/contestant-process.js';
import { recordFill, writeChapter, type Run } from '../contestants/peer-book.js';
import { BenchServer } from '../server/bench-server.js';
import { newChapter, newFill } from '../workload/commands.js';
import { Ledger } from './ledger.js';
import { Tables } from './tables.js';
import postgres from 'postgres';

const done: Outcome = { told: 'done', startedAt: 0, settledAt: 1 };
const refused: Outcome = { told: 'not written', code: 'CONNECTION_LOST', message: '', startedAt: 0, settledAt: 1 };
const unknown: Outcome = { told: 'unknown', code: 'AMBIGUOUS_COMMIT', message: '', startedAt: 0, settledAt: 1 };

/** The bench is worth as much as its eyes: every wrong it looks for is made here on purpose. */
describe('What callers were told, held against the tables', () => {
  let server: BenchServer;
  let tables: Tables;
  let sql: postgres.Sql;
  /** Outside any transaction: each statement commits by itself. */
  const run: Run = (text, parameters) => sql.unsafe(text, [...parameters]);

  beforeAll(async () => {
    server = await BenchServer.start({ fsync: 'off' });
    const url = await server.createDatabase();
    tables = new Tables(url);
    sql = postgres(url, { max: 1, onnotice: () => undefined });
  });
  afterAll(async () => {
    await sql.end();
    await tables.close();
    await server.stop();
  });

  const judged = async (portfolioId: string, outcome: Outcome) => {
    const ledger = new Ledger();
    ledger.write(portfolioId, outcome);
    return ledger.judge(tables);
  };

  it('sees no wrong where all of it is there, or none', async () => {
    const [written, missing] = [newChapter(), newChapter()];
    await writeChapter(run, 'one by one', written);
    const right = [
      await judged(written.portfolioId, done),
      await judged(written.portfolioId, unknown),
      await judged(missing.portfolioId, unknown),
      await judged(missing.portfolioId, refused),
    ];
    for (const judgement of right) expect(Object.values(judgement).filter((figure) => figure > 0)).toEqual([]);
    expect(await tables.differences()).toBe(0);
  });

  it('sees an acknowledged chapter that is not there', async () => {
    expect(await judged(newChapter().portfolioId, done)).toMatchObject({ lostAfterCommitted: 1 });
  });

  it('sees a chapter that is there after an error', async () => {
    const chapter = newChapter();
    await writeChapter(run, 'one by one', chapter);
    expect(await judged(chapter.portfolioId, refused)).toMatchObject({ thereAfterError: 1 });
  });

  it('sees a part of a chapter, whatever was told, and a call that hung', async () => {
    const chapter = newChapter();
    let statements = 0;
    const cutShort: Run = (text, parameters) => {
      statements += 1;
      return statements > 4 ? Promise.reject(new Error('cut')) : run(text, parameters);
    };
    await expect(writeChapter(cutShort, 'one by one', chapter)).rejects.toThrow('cut');
    const hung: Outcome = { told: 'hung', startedAt: 0, settledAt: 1 };
    expect(await judged(chapter.portfolioId, hung)).toMatchObject({ partialCommits: 1, hungCalls: 1 });
  });

  it('sees a fill of which a part is there, by the proof', async () => {
    const chapter = newChapter();
    await writeChapter(run, 'one by one', chapter);
    const withoutPortfolio: Run = (text, parameters) =>
      text.startsWith('update portfolios') ? Promise.resolve([]) : run(text, parameters);
    await recordFill(withoutPortfolio, 'one by one', newFill(chapter));
    expect(await tables.differences()).toBeGreaterThan(0);
  });
});

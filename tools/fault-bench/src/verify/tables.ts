import { setTimeout as delay } from 'node:timers/promises';
import { Database, DatabaseConfig, proveBook } from '@blotter/infrastructure';
import postgres from 'postgres';

/** What the tables hold of a chapter: all of its rows, none of them, or a part, which no transaction may leave. */
export type Stored = 'all' | 'none' | 'part';

const PATIENCE_MS = 20_000;

/** Looks at the tables directly, past every proxy, when the work is over. */
export class Tables {
  private readonly sql: postgres.Sql;

  constructor(private readonly url: string) {
    this.sql = postgres(url, { max: 1, onnotice: () => undefined });
  }

  /** What is stored of each portfolio's chapter. */
  async chapters(portfolioIds: readonly string[]): Promise<ReadonlyMap<string, Stored>> {
    const rows = await this.sql<{ id: string; tables: number }[]>`
      select given.id,
             (exists (select from portfolios where portfolios.id = given.id))::int
           + (exists (select from cash_movements where portfolio_id = given.id))::int
           + (exists (select from orders where portfolio_id = given.id))::int
           + (exists (select from positions where portfolio_id = given.id))::int
           + (exists (select from executions where portfolio_id = given.id))::int as tables
      from unnest(${[...portfolioIds]}::uuid[]) as given (id)`;
    return new Map(rows.map(({ id, tables }) => [id, tables === 5 ? 'all' : tables === 0 ? 'none' : 'part']));
  }

  /** How often each execution is stored. */
  async executions(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.sql<{ id: string; times: number }[]>`
      select broker_execution_id as id, count(*)::int as times from executions group by broker_execution_id`;
    return new Map(rows.map(({ id, times }) => [id, times]));
  }

  /** Figures of the book that differ from what the executions and cash movements make of them. */
  async differences(): Promise<number> {
    const database = await Database.connect(DatabaseConfig.fromUrl(this.url, { minPoolSize: 1, maxPoolSize: 1 }));
    try {
      return (await proveBook(database)).mismatches.length;
    } finally {
      await database.close();
    }
  }

  /**
   * Holds the lock of the newest portfolio, as work of somebody else does, until a session under that name waits for it, or for a
   * while. @returns what gives it back
   */
  async lockPortfolio(applicationName: string): Promise<() => Promise<void>> {
    const sql = postgres(this.url, { max: 1, onnotice: () => undefined });
    await sql.unsafe('begin; select id from portfolios order by id desc limit 1 for update');
    const deadline = Date.now() + PATIENCE_MS;
    const waiting = () => this.sql`
      select from pg_stat_activity where application_name = ${applicationName} and wait_event_type = 'Lock' limit 1`;
    while ((await waiting()).length === 0 && Date.now() < deadline) await delay(5);
    return () => sql.end();
  }

  /** Any statement without parameters. */
  query<Row extends object>(text: string): Promise<readonly Row[]> {
    return this.sql.unsafe<Row[]>(text);
  }

  /** Sessions at the server under names like this (% for any text), as soon as they are no more than expected, or else after a while. */
  async sessions(pattern: string, expected: number): Promise<number> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const [row] = await this.sql<{ sessions: number }[]>`
        select count(*)::int as sessions from pg_stat_activity where application_name like ${pattern}`;
      const sessions = row?.sessions ?? 0;
      if (sessions <= expected || Date.now() > deadline) return sessions;
      await delay(50);
    }
  }

  close(): Promise<void> {
    return this.sql.end();
  }
}

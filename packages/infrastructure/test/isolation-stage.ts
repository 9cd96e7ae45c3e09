import type { IsolationLevel } from '@blotter/application';
import { BlotterError } from '@blotter/domain';
import { expect } from 'vitest';
import type { Database } from '../src/database/database.js';
import type { PostgresUnitOfWork } from '../src/transactions/postgres-unit-of-work.js';

export interface Row {
  readonly id: number;
  readonly value: number;
}

/** Two rows, and three transactions that have not begun yet. What is refused has ended and says nothing any more. */
export class IsolationStage {
  /** Sets the rows to 10 and 20 and takes the transactions of the level. */
  static async set(database: Database, isolation: IsolationLevel): Promise<IsolationStage> {
    await database.query('drop table if exists test');
    await database.query('create table test (id int primary key, value int)');
    await database.query('insert into test (id, value) values (1, 10), (2, 20)');
    return new IsolationStage(database, isolation);
  }

  readonly t1: Actor;
  readonly t2: Actor;
  readonly t3: Actor;

  private constructor(
    private readonly database: Database,
    isolation: IsolationLevel,
  ) {
    this.t1 = new Actor('T1', database.begin({ isolation }));
    this.t2 = new Actor('T2', database.begin({ isolation }));
    this.t3 = new Actor('T3', database.begin({ isolation }));
  }

  /** Returns when a statement of one transaction waits for the lock of another. */
  async untilOneWaits(): Promise<void> {
    const waiting = () =>
      this.database.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
    await expect.poll(waiting, { timeout: 10_000 }).toHaveLength(1);
  }

  /** What is committed, in the order of the ids. */
  async values(): Promise<readonly number[]> {
    const rows = await this.database.query<Row>('select id, value from test order by id');
    return rows.map(({ value }) => value);
  }

  /** Who was refused, and with which code; undefined when nobody was. */
  refusal(): string | undefined {
    const refused = [this.t1, this.t2, this.t3].filter(({ refusedWith }) => refusedWith !== undefined);
    for (const { unit } of refused) expect(unit.isActive).toBe(false);
    return refused.length === 0 ? undefined : refused.map(({ name, refusedWith }) => `${name} ${refusedWith}`).join();
  }

  async end(): Promise<void> {
    for (const actor of [this.t1, this.t2, this.t3]) await actor.end();
  }
}

/** One transaction of a schedule, through a unit of work of ours. */
class Actor {
  refusedWith: string | undefined;
  isCommitted = false;

  constructor(
    readonly name: string,
    readonly unit: PostgresUnitOfWork,
  ) {}

  async sql(text: string): Promise<readonly Row[]> {
    return (await this.unlessRefused(() => this.unit.sql<Row>(text))) ?? [];
  }

  async read(id: number): Promise<number | undefined> {
    const [row] = await this.sql(`select id, value from test where id = ${id}`);
    return row?.value;
  }

  async set(id: number, value: number): Promise<void> {
    await this.sql(`update test set value = ${value} where id = ${id}`);
  }

  async commit(): Promise<void> {
    await this.unlessRefused(async () => {
      await this.unit.commit();
      this.isCommitted = true;
    });
  }

  async rollback(): Promise<void> {
    await this.unit.rollback();
  }

  async end(): Promise<void> {
    if (this.unit.isActive) await this.unit.rollback();
  }

  private async unlessRefused<Result>(step: () => Promise<Result>): Promise<Result | undefined> {
    if (this.refusedWith !== undefined) return undefined;
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof BlotterError)) throw error;
      this.refusedWith = error.code;
      return undefined;
    }
  }
}

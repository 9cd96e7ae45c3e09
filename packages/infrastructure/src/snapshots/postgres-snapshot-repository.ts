import type { Page, PageRequest, SnapshotReader, SnapshotRepository } from '@blotter/application';
import type { PortfolioId, PortfolioSnapshot, SnapshotId, Timestamp } from '@blotter/domain';
import { desc, eq, gte, lte, sql } from 'drizzle-orm';
import { pageClauses, readPage, type Direction } from '../database/rows.js';
import { statement, type StatementRunner } from '../database/statement.js';
import type { WriteRegister } from '../transactions/write-register.js';
import { snapshotFromRow, type SnapshotRow } from './snapshot-mapper.js';
import { portfolioSnapshots as snapshots } from './snapshot-table.js';

const { placeholder } = sql;
const ofPortfolio = eq(snapshots.portfolioId, placeholder('portfolioId'));

const selectSnapshot = statement<SnapshotRow[]>('snapshot_by_id', (database) =>
  database
    .select()
    .from(snapshots)
    .where(eq(snapshots.id, placeholder('id'))),
);

const selectLatestSnapshot = statement<SnapshotRow[]>('snapshot_latest', (database) =>
  database.select().from(snapshots).where(ofPortfolio).orderBy(desc(snapshots.takenAt)).limit(1),
);

const list = (direction: Direction) =>
  statement<SnapshotRow[]>(`snapshots_between_${direction}`, (database) => {
    const keys = { first: snapshots.takenAt, second: snapshots.id };
    const range = [gte(snapshots.takenAt, placeholder('from')), lte(snapshots.takenAt, placeholder('to'))];
    const page = pageClauses(keys, direction, ofPortfolio, ...range);
    return database
      .select()
      .from(snapshots)
      .where(page.where)
      .orderBy(...page.orderBy)
      .limit(placeholder('limit'));
  });
const listSnapshots = { oldest: list('oldest'), newest: list('newest') };

export class PostgresSnapshotReader implements SnapshotReader {
  constructor(protected readonly runner: StatementRunner) {}

  async find(id: SnapshotId): Promise<PortfolioSnapshot | undefined> {
    const [row] = await this.runner.run(selectSnapshot, { id });
    return row && snapshotFromRow(row);
  }

  async findLatest(portfolioId: PortfolioId): Promise<PortfolioSnapshot | undefined> {
    const [row] = await this.runner.run(selectLatestSnapshot, { portfolioId });
    return row && snapshotFromRow(row);
  }

  listBetween(
    portfolioId: PortfolioId,
    from: Timestamp,
    to: Timestamp,
    page: PageRequest = {},
  ): Promise<Page<PortfolioSnapshot>> {
    return readPage(
      page,
      'time',
      (direction, edge) => this.runner.run(listSnapshots[direction], { portfolioId, from, to, ...edge }),
      snapshotFromRow,
      (snapshot) => [snapshot.takenAt, snapshot.id],
    );
  }
}

export class PostgresSnapshotRepository extends PostgresSnapshotReader implements SnapshotRepository {
  constructor(
    runner: StatementRunner,
    private readonly writes: WriteRegister,
  ) {
    super(runner);
  }

  add(snapshot: PortfolioSnapshot): void {
    this.writes.register().add({ action: 'add', kind: 'snapshot', fact: snapshot });
  }
}

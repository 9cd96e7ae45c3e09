import type { CashMovementReader, CashMovementRepository, Page, PageRequest } from '@blotter/application';
import { CashMovementId, cashMovement, Currency, Money, PortfolioId, type CashMovement } from '@blotter/domain';
import { eq, sql } from 'drizzle-orm';
import { momentFromRow, pageClauses, readPage, type Direction } from '../database/rows.js';
import { statement, type StatementRunner } from '../database/statement.js';
import type { WriteRegister } from '../transactions/write-register.js';
import { cashMovements } from './cash-movement-table.js';

export type CashMovementRow = typeof cashMovements.$inferSelect;

export function cashMovementToRow(movement: CashMovement): CashMovementRow {
  return {
    id: movement.id,
    portfolioId: movement.portfolioId,
    sequence: movement.sequence,
    kind: movement.kind,
    amount: movement.amount.amount,
    currency: movement.amount.currency,
    at: movement.at,
  };
}

export function cashMovementFromRow(row: CashMovementRow): CashMovement {
  return cashMovement({
    id: CashMovementId.of(row.id),
    portfolioId: PortfolioId.of(row.portfolioId),
    sequence: row.sequence,
    kind: row.kind,
    amount: Money.of(row.amount, Currency.of(row.currency)),
    at: momentFromRow(row.at),
  });
}

const selectCashMovement = statement<CashMovementRow[]>('cash_movement_by_id', (database) =>
  database
    .select()
    .from(cashMovements)
    .where(eq(cashMovements.id, sql.placeholder('id'))),
);

const list = (direction: Direction) =>
  statement<CashMovementRow[]>(`cash_movements_${direction}`, (database) => {
    const keys = { first: cashMovements.sequence, second: cashMovements.id };
    const page = pageClauses(keys, direction, eq(cashMovements.portfolioId, sql.placeholder('portfolioId')));
    return database
      .select()
      .from(cashMovements)
      .where(page.where)
      .orderBy(...page.orderBy)
      .limit(sql.placeholder('limit'));
  });
const listCashMovements = { oldest: list('oldest'), newest: list('newest') };

export class PostgresCashMovementReader implements CashMovementReader {
  constructor(protected readonly runner: StatementRunner) {}

  async find(id: CashMovementId): Promise<CashMovement | undefined> {
    const [row] = await this.runner.run(selectCashMovement, { id });
    return row && cashMovementFromRow(row);
  }

  list(portfolioId: PortfolioId, page: PageRequest = {}): Promise<Page<CashMovement>> {
    return readPage(
      page,
      'sequence',
      (direction, edge) => this.runner.run(listCashMovements[direction], { portfolioId, ...edge }),
      cashMovementFromRow,
      (movement) => [String(movement.sequence), movement.id],
    );
  }
}

export class PostgresCashMovementRepository extends PostgresCashMovementReader implements CashMovementRepository {
  constructor(
    runner: StatementRunner,
    private readonly writes: WriteRegister,
  ) {
    super(runner);
  }

  add(movement: CashMovement): void {
    this.writes.register().add({ action: 'add', kind: 'cash movement', fact: movement });
  }
}

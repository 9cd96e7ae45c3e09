import {
  deposit,
  openPortfolio,
  placeOrder,
  recordExecution,
  takeSnapshot,
  TransactionManager,
  withdraw,
  type UnitOfWork,
  type UnitOfWorkFactory,
} from '@blotter/application';
import { InsufficientCashError, SnapshotId, Timestamp } from '@blotter/domain';
import {
  historyCommands,
  historyPortfolio,
  testUuid,
  type HistoryCommand,
  type HistoryStep,
} from '@blotter/domain/testing';

const SNAPSHOT_KIND = 5;

/** Sends a history through the use cases, a transaction for each step, with a snapshot in the middle and one at the end. */
export async function recordHistory(
  units: UnitOfWorkFactory,
  steps: readonly HistoryStep[],
  run: number,
): Promise<void> {
  const transactions = new TransactionManager(units);
  const { id: portfolioId } = historyPortfolio(run);
  await transactions.execute((unit) => openPortfolio(unit, historyPortfolio(run)));
  const commands = historyCommands(steps, run);
  const placed = new Set<string>();
  for (const [index, command] of commands.entries()) {
    if (command.kind === 'execution' && !placed.has(command.order.id)) {
      placed.add(command.order.id);
      await transactions.execute((unit) => placeOrder(unit, command.order));
    }
    await transactions.execute((unit) => record(unit, command)).catch(refusedWithdrawal);
    if (index === Math.floor(commands.length / 2) || index === commands.length - 1) {
      const id = SnapshotId.of(testUuid(run * 100_000 + index, SNAPSHOT_KIND));
      const takenAt = Timestamp.of(new Date(Date.UTC(2026, 0, 6) + index));
      await transactions.execute((unit) => takeSnapshot(unit, { id, portfolioId, takenAt }));
    }
  }
}

function record(unit: UnitOfWork, command: HistoryCommand): Promise<unknown> {
  switch (command.kind) {
    case 'deposit':
      return deposit(unit, command.movement);
    case 'withdrawal':
      return withdraw(unit, command.movement);
    case 'execution':
      return recordExecution(unit, command.report, command.report.executedAt);
  }
}

/** Histories contain withdrawals of more than there is; that they are refused is part of them. */
function refusedWithdrawal(error: unknown): void {
  if (!(error instanceof InsufficientCashError)) throw error;
}

import { snapshotOf, type PortfolioId, type PortfolioSnapshot, type SnapshotId, type Timestamp } from '@blotter/domain';
import { CommandConflictError } from '../errors.js';
import type { UnitOfWork } from '../transactions/unit-of-work.js';

export interface TakeSnapshot {
  readonly id: SnapshotId;
  readonly portfolioId: PortfolioId;
  readonly takenAt: Timestamp;
}

/**
 * Keeps what the portfolio is worth now, at the marks. The same command again returns the snapshot as it was taken.
 * @throws NotFoundError; CommandConflictError when the id belongs to another snapshot; DuplicateError for a second one of the same moment
 */
export async function takeSnapshot(unit: UnitOfWork, command: TakeSnapshot): Promise<PortfolioSnapshot> {
  const [portfolio, present, { positions }] = await Promise.all([
    // Locked, so that no fill comes between the cash and the positions.
    unit.portfolios.getForUpdate(command.portfolioId),
    unit.snapshots.find(command.id),
    unit.portfolios.getWithPositions(command.portfolioId),
  ]);
  if (present) {
    if (present.portfolioId !== command.portfolioId || present.takenAt !== command.takenAt) {
      throw new CommandConflictError('snapshot', command.id);
    }
    return present;
  }
  const snapshot = snapshotOf(command.id, command.takenAt, portfolio, positions);
  unit.snapshots.add(snapshot);
  return snapshot;
}

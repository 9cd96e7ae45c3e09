import { PortfolioId, SnapshotId, snapshotOf, Timestamp, type PortfolioSnapshot } from '@blotter/domain';
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
  const id = SnapshotId.of(command.id);
  const portfolioId = PortfolioId.of(command.portfolioId);
  const takenAt = Timestamp.of(command.takenAt);
  const [portfolio, present, { positions }] = await Promise.all([
    // Locked, so that no fill comes between the cash and the positions.
    unit.portfolios.getForUpdate(portfolioId),
    unit.snapshots.find(id),
    unit.portfolios.getWithPositions(portfolioId),
  ]);
  if (present) {
    if (present.portfolioId !== portfolioId || present.takenAt !== takenAt) {
      throw new CommandConflictError('snapshot', id);
    }
    return present;
  }
  const snapshot = snapshotOf(id, takenAt, portfolio, positions);
  unit.snapshots.add(snapshot);
  return snapshot;
}

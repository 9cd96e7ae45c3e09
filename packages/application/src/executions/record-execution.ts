import {
  applyExecution,
  checkedReport,
  Execution,
  exposureBreaches,
  hasLimits,
  type ExecutionReport,
  type LimitBreach,
  type Order,
  type Portfolio,
  type Position,
  type PositionChange,
  type Timestamp,
} from '@blotter/domain';
import { ExecutionConflictError } from '../errors.js';
import { readExposure } from '../portfolios/read-exposure.js';
import type { UnitOfWork } from '../transactions/unit-of-work.js';
import type { FillBasis } from './execution-repository.js';

/** What became of the report. */
export type RecordedExecution =
  /** The broker had sent it before, with the same content; nothing was changed. */
  | { readonly alreadyRecorded: true; readonly execution: Execution }
  | {
      readonly alreadyRecorded: false;
      readonly execution: Execution;
      readonly portfolio: Portfolio;
      readonly order: Order;
      readonly change: PositionChange;
      /** Limits that the portfolio exceeds now. A fill is a fact and is recorded whatever they say. */
      readonly breaches: readonly LimitBreach[];
    };

/**
 * Records a fill: the execution, the order, the position, the cash. Counts once, however often the broker sends it,
 * and is never refused for a limit or the order's status.
 * A fill with another multiplier than the open position has nowhere to go: it is refused, and the same report is recorded once the
 * position is closed. `placeOrder` sees to it that only late fills can meet this: those of an order that had ended before the
 * position, or an active order, of another multiplier came.
 * Two round trips to the database. With locks, they travel together, and the writes travel with COMMIT; without, the writes are the
 * whole transaction, which is refused with ConcurrencyError or a repeatable DuplicateError where another was faster: repeat the work, and then with locks.
 * @throws ExecutionConflictError when the broker sent it before with other content; NotFoundError for the portfolio or the order;
 * ValidationError, CurrencyMismatchError, MultiplierMismatchError when it is malformed
 */
export async function recordExecution(
  unit: UnitOfWork,
  given: ExecutionReport,
  recordedAt: Timestamp,
  { locks = true }: { readonly locks?: boolean } = {},
): Promise<RecordedExecution> {
  const report = checkedReport(given);
  const basis = locks ? await lockedBasis(unit, report) : await unit.executions.getBasis(report);
  if (basis.present) {
    // A commit that has locked waits for the standbys, as that which wrote the execution may still do; one that only reads does not.
    if (!locks) await unit.portfolios.getForUpdate(report.portfolioId);
    return repeated(basis.present, report);
  }
  const booked = bookFill(unit, report, recordedAt, basis);
  const breaches =
    booked.isLarger && hasLimits(booked.portfolio.limits) ? await breachesNow(unit, booked.portfolio) : [];
  return recorded(booked, breaches);
}

/** In this order: portfolio, order, position. The look-up comes behind the portfolio's lock, so it sees what was recorded under it. */
async function lockedBasis(unit: UnitOfWork, report: ExecutionReport): Promise<FillBasis> {
  const [portfolio, order, held, present] = await Promise.all([
    unit.portfolios.getForUpdate(report.portfolioId),
    unit.orders.getForUpdate(report.orderId),
    unit.positions.findOpenForUpdate(report.portfolioId, report.symbol),
    unit.executions.findByKey(report),
  ]);
  return { portfolio, order, held, present };
}

/** What a fill is booked on. */
export type Bookable = Omit<FillBasis, 'present'>;

/** What became of it. */
export interface BookedFill extends Omit<
  Extract<RecordedExecution, { alreadyRecorded: false }>,
  'alreadyRecorded' | 'breaches'
> {
  /** Whether more is held of the symbol than before. */
  readonly isLarger: boolean;
}

/** Registers all that a fill changes. What is wrong with it is found before anything is registered. */
export function bookFill(
  unit: UnitOfWork,
  report: ExecutionReport,
  recordedAt: Timestamp,
  { portfolio, order, held }: Bookable,
): BookedFill {
  const execution = Execution.record(report, { sequence: portfolio.nextSequence, recordedAt });
  const filled = order.fill(execution);
  const change = applyExecution(held, execution, { strategy: order.strategy, tags: order.tags });
  const booked = portfolio.record(execution, change);

  unit.executions.add(execution);
  const savedOrder = unit.orders.save(filled);
  const closed = change.closed && unit.positions.save(change.closed);
  const open = change.open && unit.positions.save(change.open);
  return {
    execution,
    portfolio: unit.portfolios.save(booked),
    order: savedOrder,
    change: { ...change, closed, open },
    isLarger: enlarges(held, change),
  };
}

export function recorded(
  { execution, portfolio, order, change }: BookedFill,
  breaches: readonly LimitBreach[],
): RecordedExecution {
  return { alreadyRecorded: false, execution, portfolio, order, change, breaches };
}

/** @throws ExecutionConflictError when the report says something else than the execution recorded before */
export function repeated(present: Execution, report: ExecutionReport): RecordedExecution {
  if (!present.saysTheSameAs(report)) throw new ExecutionConflictError(present.id);
  return { alreadyRecorded: true, execution: present };
}

function enlarges(held: Position | undefined, { open }: PositionChange): boolean {
  if (!open) return false;
  return !held || open.id !== held.id || open.quantity.absolute().compare(held.quantity.absolute()) > 0;
}

async function breachesNow(unit: UnitOfWork, portfolio: Portfolio): Promise<LimitBreach[]> {
  const { equity, exposures } = await readExposure(unit, portfolio);
  return exposureBreaches(portfolio.limits, equity, exposures);
}

import { MultiplierMismatchError, ValidationError } from '../errors.js';
import type { Execution } from '../executions/execution.js';
import { Money } from '../values/money.js';
import { PositionId, type StrategyName } from '../values/ids.js';
import type { Tags } from '../values/tags.js';
import { fillOf, splitAtZero, type Fill } from './fill.js';
import { Position } from './position.js';

/** What an execution did to a portfolio's position in its symbol. */
export interface PositionChange {
  /** The position that this execution closed; a trade ended with it. */
  readonly closed: Position | undefined;
  /** The position that is open afterwards: opened, enlarged or reduced by this execution. */
  readonly open: Position | undefined;
  /** Profit and loss that this execution realised, before commissions. */
  readonly realisedPnl: Money;
}

/** What a position that is opened takes from the order. */
interface Labels {
  readonly strategy?: StrategyName | undefined;
  readonly tags?: Tags | undefined;
}

/**
 * The open position (if any) after an execution. Crossing zero closes one position and opens the next.
 * A position that is opened takes the execution's id, so the same executions always make the same positions.
 * @param labels strategy and tags for a position that is opened
 * @throws MultiplierMismatchError when the position has another multiplier; ValidationError INVALID_EXECUTION when portfolio or
 * symbol are not the position's, OUT_OF_RANGE; CurrencyMismatchError
 */
export function applyExecution(held: Position | undefined, execution: Execution, labels: Labels = {}): PositionChange {
  const fill = fillOf(execution);
  if (!held) {
    return { closed: undefined, open: open(execution, fill, labels), realisedPnl: Money.zero(execution.currency) };
  }
  checkIsOfPosition(held, execution);
  const rest = held.quantity.plus(fill.quantity);
  const crosses = !rest.isZero && rest.isNegative !== held.quantity.isNegative;
  if (crosses) {
    const { closing, opening } = splitAtZero(fill, held.quantity);
    const closed = held.apply(closing);
    return { closed, open: open(execution, opening, labels), realisedPnl: realisedBetween(held, closed) };
  }
  const next = held.apply(fill);
  return {
    closed: next.isOpen ? undefined : next,
    open: next.isOpen ? next : undefined,
    realisedPnl: realisedBetween(held, next),
  };
}

function open(execution: Execution, fill: Fill, { strategy, tags }: Labels): Position {
  const { portfolioId, symbol, multiplier } = execution;
  return Position.open({ id: PositionId.of(execution.id), portfolioId, symbol, multiplier, strategy, tags }, fill);
}

function realisedBetween(before: Position, after: Position): Money {
  return after.realisedPnl.minus(before.realisedPnl);
}

function checkIsOfPosition(held: Position, execution: Execution): void {
  if (held.portfolioId !== execution.portfolioId || held.symbol !== execution.symbol) {
    throw new ValidationError(
      'INVALID_EXECUTION',
      'The execution is not of this position: portfolio and symbol must be the same.',
      { entity: 'execution', id: execution.id },
    );
  }
  if (!held.multiplier.equals(execution.multiplier)) {
    throw new MultiplierMismatchError('execution', execution.id, execution.symbol);
  }
}

import { ValidationError } from '../errors.js';
import { CashMovementId, PortfolioId } from '../values/ids.js';
import { Money } from '../values/money.js';
import { Timestamp } from '../values/timestamp.js';

export const CASH_MOVEMENT_KINDS = ['DEPOSIT', 'WITHDRAWAL'] as const;
export type CashMovementKind = (typeof CASH_MOVEMENT_KINDS)[number];

/** Money that came into a portfolio or left it. A fact: it is recorded once and never changes. */
export interface CashMovement {
  readonly id: CashMovementId;
  readonly portfolioId: PortfolioId;
  readonly kind: CashMovementKind;
  /** Above zero; the kind says the direction. */
  readonly amount: Money;
  /** Its place in the portfolio's ledger, which counts executions and cash movements from 1 without a gap. */
  readonly sequence: number;
  readonly at: Timestamp;
}

/** Reads every field again by its parser, and freezes the movement. @throws ValidationError MUST_BE_POSITIVE for the amount, and the parsers' */
export function cashMovement(movement: CashMovement): CashMovement {
  checkAmount(movement);
  return Object.freeze({
    ...movement,
    id: CashMovementId.of(movement.id),
    portfolioId: PortfolioId.of(movement.portfolioId),
    at: Timestamp.of(movement.at),
  });
}

/** Also checked where a movement is booked: a withdrawal of less than zero would be cash from nowhere. */
export function checkAmount({ id, amount }: CashMovement): void {
  if (Money.checked(amount).isPositive) return;
  throw new ValidationError('MUST_BE_POSITIVE', 'The amount of a deposit or withdrawal must be above zero.', {
    entity: 'cash movement',
    id,
  });
}

import {
  cashMovement,
  CashMovementId,
  Money,
  PortfolioId,
  type CashMovement,
  type CashMovementKind,
  type Timestamp,
} from '@blotter/domain';
import { CommandConflictError } from '../errors.js';
import type { UnitOfWork } from '../transactions/unit-of-work.js';

/** A deposit or a withdrawal. */
export interface MoveCash {
  readonly id: CashMovementId;
  readonly portfolioId: PortfolioId;
  /** Above zero, in the portfolio's currency. */
  readonly amount: Money;
  readonly at: Timestamp;
}

/** Books a deposit. The same command again returns the movement as it was booked. @throws CommandConflictError, CurrencyMismatchError, NotFoundError */
export function deposit(unit: UnitOfWork, command: MoveCash): Promise<CashMovement> {
  return moveCash(unit, 'DEPOSIT', command);
}

/** Books a withdrawal. @throws InsufficientCashError, and as deposit */
export function withdraw(unit: UnitOfWork, command: MoveCash): Promise<CashMovement> {
  return moveCash(unit, 'WITHDRAWAL', command);
}

async function moveCash(unit: UnitOfWork, kind: CashMovementKind, command: MoveCash): Promise<CashMovement> {
  const id = CashMovementId.of(command.id);
  const portfolioId = PortfolioId.of(command.portfolioId);
  const amount = Money.checked(command.amount);
  const [portfolio, present] = await Promise.all([
    unit.portfolios.getForUpdate(portfolioId),
    unit.cashMovements.find(id),
  ]);
  if (present) {
    const same = present.kind === kind && present.portfolioId === portfolioId && present.amount.equals(amount);
    if (!same) throw new CommandConflictError('cash movement', id);
    return present;
  }
  const movement = cashMovement({ ...command, kind, sequence: portfolio.nextSequence });
  unit.portfolios.save(portfolio.move(movement));
  unit.cashMovements.add(movement);
  return movement;
}

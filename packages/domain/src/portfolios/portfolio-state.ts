import { ValidationError } from '../errors.js';
import type { Currency } from '../values/currency.js';
import type { PortfolioId, StrategyName } from '../values/ids.js';
import type { Money } from '../values/money.js';
import type { Tags } from '../values/tags.js';
import { boundedText } from '../values/text.js';
import type { Timestamp } from '../values/timestamp.js';
import { checkedVersion } from '../values/version.js';
import type { PortfolioLimits } from './limits.js';

/** Everything a portfolio is, as stored. */
export interface PortfolioState {
  readonly id: PortfolioId;
  /** Unique in the book. */
  readonly name: string;
  readonly currency: Currency;
  readonly strategy: StrategyName | undefined;
  readonly tags: Tags;
  readonly limits: PortfolioLimits;
  readonly cash: Money;
  readonly deposits: Money;
  readonly withdrawals: Money;
  /** Profit and loss of what was closed, before commissions. */
  readonly realisedPnl: Money;
  readonly commissions: Money;
  /** Positions that went from flat to flat. */
  readonly tradeCount: number;
  readonly winCount: number;
  readonly lossCount: number;
  /** Sum of the won trades' P&L after commissions. */
  readonly grossProfit: Money;
  /** Sum of the lost trades' P&L after commissions; not above zero. */
  readonly grossLoss: Money;
  /** The last place given in the ledger of executions and cash movements. */
  readonly lastSequence: number;
  readonly openedAt: Timestamp;
  readonly version: number;
}

/** What a new portfolio needs. */
export interface NewPortfolio {
  readonly id: PortfolioId;
  readonly name: string;
  readonly currency: Currency;
  readonly openedAt: Timestamp;
  readonly strategy?: StrategyName | undefined;
  readonly tags?: Tags | undefined;
  readonly limits?: PortfolioLimits | undefined;
}

/** @throws ValidationError INVALID_TEXT */
export function portfolioName(name: string): string {
  return boundedText(name, 'portfolio name', 100);
}

/** @throws ValidationError INVALID_PORTFOLIO when counts or sums cannot be, INVALID_TEXT, INVALID_VERSION */
export function checkedPortfolio(state: PortfolioState): PortfolioState {
  const { tradeCount, winCount, lossCount, lastSequence, deposits, withdrawals, grossProfit, grossLoss } = state;
  const counts = [tradeCount, winCount, lossCount, lastSequence];
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0) || winCount + lossCount > tradeCount) {
    throw invalid(state, 'The counts of the portfolio contradict each other.');
  }
  if (deposits.isNegative || withdrawals.isNegative || grossProfit.isNegative || grossLoss.isPositive) {
    throw invalid(state, 'Deposits, withdrawals and gross profit are not below zero, and the gross loss is not above.');
  }
  portfolioName(state.name);
  checkedVersion(state.version);
  return state;
}

function invalid({ id }: PortfolioState, message: string): ValidationError {
  return new ValidationError('INVALID_PORTFOLIO', message, { entity: 'portfolio', id });
}

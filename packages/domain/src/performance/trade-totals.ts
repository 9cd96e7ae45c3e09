import { CurrencyMismatchError, ValidationError } from '../errors.js';
import type { Currency } from '../values/currency.js';
import { Money } from '../values/money.js';

/** A position from flat to flat. */
export interface ClosedTrade {
  /** Profit or loss after commissions. */
  readonly netPnl: Money;
}

/** What a portfolio keeps of its closed trades, by the portfolio's names: a `Portfolio` is one. Every figure over trades is computed from it. */
export interface TradeTotals {
  /** All closed trades. Those that broke even are neither won nor lost. */
  readonly tradeCount: number;
  readonly winCount: number;
  readonly lossCount: number;
  /** The sum of the won trades' P&L; not below zero. */
  readonly grossProfit: Money;
  /** The sum of the lost trades' P&L; not above zero. */
  readonly grossLoss: Money;
}

/**
 * Counts and adds up trades. Of no trades, all totals are zero.
 * @throws CurrencyMismatchError for a trade in another currency
 * @throws ValidationError OUT_OF_RANGE when a sum has more than 20 digits before the point
 */
export function tradeTotals(trades: readonly ClosedTrade[], currency: Currency): TradeTotals {
  let winCount = 0;
  let lossCount = 0;
  let grossProfit = Money.zero(currency);
  let grossLoss = Money.zero(currency);
  for (const { netPnl } of trades) {
    if (netPnl.currency !== currency) throw new CurrencyMismatchError(currency, netPnl.currency);
    if (netPnl.isPositive) {
      winCount += 1;
      grossProfit = grossProfit.plus(netPnl);
    } else if (netPnl.isNegative) {
      lossCount += 1;
      grossLoss = grossLoss.plus(netPnl);
    }
  }
  return { tradeCount: trades.length, winCount, lossCount, grossProfit, grossLoss };
}

/**
 * Refuses totals that no trades can have.
 * @throws ValidationError INVALID_PORTFOLIO
 * @throws CurrencyMismatchError when profit and loss are of two currencies
 */
export function checkedTotals(totals: TradeTotals): TradeTotals {
  const { tradeCount, winCount, lossCount, grossProfit, grossLoss } = totals;
  if (grossLoss.currency !== grossProfit.currency) {
    throw new CurrencyMismatchError(grossProfit.currency, grossLoss.currency);
  }
  const counted = [tradeCount, winCount, lossCount].every((count) => Number.isSafeInteger(count) && count >= 0);
  const profitFits = winCount === 0 ? grossProfit.isZero : grossProfit.isPositive;
  const lossFits = lossCount === 0 ? grossLoss.isZero : grossLoss.isNegative;
  if (!counted || winCount + lossCount > tradeCount || !profitFits || !lossFits) {
    throw new ValidationError(
      'INVALID_PORTFOLIO',
      'The trade totals do not fit together. Counts are whole numbers from 0, wins and losses together at most all trades; the gross profit is above zero where a trade was won, the gross loss below zero where one was lost, and both are zero otherwise.',
    );
  }
  return totals;
}

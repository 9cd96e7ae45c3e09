import { Decimal } from '../values/decimal.js';
import type { Money } from '../values/money.js';
import { figure } from './figure.js';
import { checkedTotals, type TradeTotals } from './trade-totals.js';

// Every function here refuses totals that no trades can have: ValidationError INVALID_PORTFOLIO, and
// CurrencyMismatchError for two currencies. Definitions are those of the usual strategy tester report
// (MetaTrader 5 help, "Testing Report": profit factor, expected payoff, average profit and loss trade).

/** Trades won / all trades, those that broke even among them; undefined without trades. */
export function winRate(totals: TradeTotals): Decimal | undefined {
  const { tradeCount, winCount } = checkedTotals(totals);
  return tradeCount === 0 ? undefined : figure(new Decimal(winCount).dividedBy(tradeCount));
}

/** Gross profit / trades won, rounded once to 18 decimals; undefined when none was won. */
export function averageWin(totals: TradeTotals): Money | undefined {
  const { winCount, grossProfit } = checkedTotals(totals);
  return winCount === 0 ? undefined : grossProfit.dividedBy(winCount);
}

/** Gross loss / trades lost, rounded once to 18 decimals: an amount below zero; undefined when none was lost. */
export function averageLoss(totals: TradeTotals): Money | undefined {
  const { lossCount, grossLoss } = checkedTotals(totals);
  return lossCount === 0 ? undefined : grossLoss.dividedBy(lossCount);
}

/** Gross profit / −gross loss: not negative; undefined when none was lost, however much was won. */
export function profitFactor(totals: TradeTotals): Decimal | undefined {
  const { grossProfit, grossLoss } = checkedTotals(totals);
  const factor = grossProfit.ratioTo(grossLoss.negated());
  return factor && figure(factor);
}

/**
 * What a trade made on average: (gross profit + gross loss) / all trades, rounded once to 18 decimals; undefined without
 * trades. The same as win rate × average win + loss rate × average loss, without the rounding of the four.
 */
export function expectancy(totals: TradeTotals): Money | undefined {
  const { tradeCount, grossProfit, grossLoss } = checkedTotals(totals);
  return tradeCount === 0 ? undefined : grossProfit.plus(grossLoss).dividedBy(tradeCount);
}

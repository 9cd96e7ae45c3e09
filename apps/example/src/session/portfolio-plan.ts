import type { Decimal, Money, PortfolioLimits, StrategyName } from '@blotter/domain';
import type { Instrument } from '../broker/instrument.js';
import type { Hours } from '../broker/paper-broker.js';
import type { Strategy } from '../strategies/target.js';

/** What a portfolio of the session trades, and how. */
export interface PortfolioPlan {
  readonly title: string;
  readonly strategyName: StrategyName;
  readonly strategy: Strategy;
  readonly instruments: readonly Instrument[];
  readonly capital: Money;
  readonly limits: PortfolioLimits;
  /** The share of the equity that a position is to have. */
  readonly weight: Decimal;
  /** A position is resized when it is off by more than this share of what it should be. */
  readonly tolerance: Decimal;
  readonly periodsPerYear: number;
  hoursOn(date: string): Hours;
}

import { BlotterError, Decimal, Money, Price, Quantity, StrategyName, Ticker, Timestamp, Venue } from '@blotter/domain';
import type { Instrument } from '../broker/instrument.js';
import { channelBreakout } from '../strategies/channel-breakout.js';
import { movingAverageCrossover } from '../strategies/moving-average-crossover.js';
import type { PortfolioPlan } from './portfolio-plan.js';

/** Half a cent a share and at least 35 cents; one execution takes at most 0.05 % of the day’s volume. */
function share(symbol: string, venue: string): Instrument {
  return {
    symbol: Ticker.of(symbol),
    venue: Venue.of(venue),
    tick: Price.of('0.01'),
    lot: Quantity.of(1),
    executionShare: new Decimal('0.0005'),
    dayShare: new Decimal('0.1'),
    commission: { perUnit: new Decimal('0.005'), minimum: Money.of('0.35', 'USD') },
  };
}

const equities: PortfolioPlan = {
  title: 'Equities crossover',
  strategyName: StrategyName.of('moving-average-crossover'),
  strategy: movingAverageCrossover({ fast: 10, slow: 30 }),
  instruments: [
    share('AAPL', 'XNAS'),
    share('BAC', 'XNYS'),
    share('GOOG', 'XNAS'),
    share('IBM', 'XNYS'),
    share('SPY', 'ARCX'),
  ],
  capital: Money.of(10_000_000, 'USD'),
  limits: { maxLeverage: new Decimal(2) },
  weight: new Decimal('0.2'),
  tolerance: new Decimal('0.02'),
  periodsPerYear: 252,
  // New York in winter; the bars know the day alone, so the hour in summer does not matter.
  hoursOn: (date) => ({ open: Timestamp.of(`${date}T14:30:00Z`), close: Timestamp.of(`${date}T21:00:00Z`) }),
};

const bitcoin: PortfolioPlan = {
  title: 'Bitcoin breakout',
  strategyName: StrategyName.of('channel-breakout'),
  strategy: channelBreakout({ entry: 20, exit: 10 }),
  instruments: [
    {
      symbol: Ticker.of('BTC-USD'),
      venue: Venue.of('COINBASE'),
      tick: Price.of('0.01'),
      lot: Quantity.of('0.00000001'),
      executionShare: new Decimal('0.01'),
      dayShare: new Decimal('0.05'),
      commission: { shareOfNotional: new Decimal('0.0025'), minimum: Money.of(0, 'USD') },
    },
  ],
  capital: Money.of(250_000, 'USD'),
  limits: { maxLeverage: new Decimal('1.5') },
  weight: new Decimal('0.9'),
  tolerance: new Decimal('0.05'),
  periodsPerYear: 365,
  hoursOn: (date) => ({ open: Timestamp.of(`${date}T00:00:00Z`), close: Timestamp.of(`${date}T23:59:59Z`) }),
};

const PLANS: readonly PortfolioPlan[] = [equities, bitcoin];

/** Every symbol that the session has prices of. */
export const SYMBOLS: readonly Ticker[] = PLANS.flatMap(({ instruments }) => instruments.map(({ symbol }) => symbol));

/** A symbol was asked for that there are no prices of. */
class UnknownSymbolError extends BlotterError {
  readonly code = 'UNKNOWN_SYMBOL';

  constructor(symbol: string) {
    super(`There are no prices of ${symbol}. Choose from ${SYMBOLS.join(', ')}.`);
  }
}

/** The portfolios that trade these symbols, each with those of its own alone. @throws UnknownSymbolError */
export function plansFor(symbols: readonly Ticker[] = SYMBOLS): readonly PortfolioPlan[] {
  const unknown = symbols.find((symbol) => !SYMBOLS.includes(symbol));
  if (unknown !== undefined) throw new UnknownSymbolError(unknown);
  return PLANS.map((plan) => ({
    ...plan,
    instruments: plan.instruments.filter(({ symbol }) => symbols.includes(symbol)),
  })).filter(({ instruments }) => instruments.length > 0);
}

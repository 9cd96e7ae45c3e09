import { Multiplier, Position, Price, Quantity, StrategyName, type Portfolio } from '@blotter/domain';
import { afterNoon, anyPosition, closingFill, LONGEST, randomTicker, SMALLEST, usd } from './samples.js';

/** Long, short and closed positions, with and without each optional field, and at the bounds of decimals; each in its own symbol. */
export function positionsOfEveryShape(portfolio: Portfolio): Position[] {
  const long = () => anyPosition(portfolio, { symbol: randomTicker() });
  const short = anyPosition(
    portfolio,
    { symbol: randomTicker(), multiplier: Multiplier.of('0.1') },
    { quantity: Quantity.of('-2.5'), notional: usd('-25') },
  );
  const labelled = anyPosition(portfolio, {
    symbol: randomTicker(),
    strategy: StrategyName.of('mean reversion é'),
    tags: { signal: 'breakout', 'a "quoted" key': 'it’s \\ 💹' },
  });
  return [
    long(),
    short,
    labelled,
    long().withStops({ stopLoss: Price.of('90.125'), takeProfit: undefined }),
    long().withStops({ stopLoss: undefined, takeProfit: Price.of(LONGEST) }),
    long().apply({ ...closingFill, notional: usd('-999.5'), at: afterNoon(123_456) }),
    atTheBounds(long(), '', 'long'),
    atTheBounds(long(), '-', 'short'),
    anyPosition(
      portfolio,
      { symbol: randomTicker() },
      { quantity: Quantity.of(SMALLEST), notional: usd(SMALLEST), commission: usd(`-${SMALLEST}`) },
    ),
    // What costs less than the smallest amount costs nothing, and is open all the same.
    anyPosition(portfolio, { symbol: randomTicker() }, { quantity: Quantity.of(SMALLEST), notional: usd(0) }),
  ];
}

function atTheBounds(position: Position, sign: '' | '-', side: 'long' | 'short'): Position {
  return Position.restore({
    ...position,
    quantity: Quantity.of(sign + LONGEST),
    costBasis: usd(sign + LONGEST),
    realisedPnl: usd(side === 'long' ? `-${LONGEST}` : LONGEST),
    commission: usd(sign + LONGEST),
    invested: usd(LONGEST),
    maxValue: usd(LONGEST),
    multiplier: Multiplier.of(LONGEST),
  });
}

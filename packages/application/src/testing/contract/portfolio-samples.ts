import { Currency, Portfolio, ratio, StrategyName } from '@blotter/domain';
import { afterNoon, anyPortfolio, LONGEST, SMALLEST, usd } from './samples.js';

/** Portfolios with and without each optional field and limit, in another currency, and at the bounds of numbers. */
export function portfoliosOfEveryShape(): Portfolio[] {
  return [
    anyPortfolio(),
    anyPortfolio({ currency: Currency.of('BTC'), openedAt: afterNoon(654_321) }),
    anyPortfolio({ strategy: StrategyName.of('mean reversion é'), tags: { desk: 'it’s "A" \\ 💹' } }),
    anyPortfolio({ limits: { maxOpenPositions: 0 } }),
    anyPortfolio({
      limits: {
        maxPositionValue: usd('250000.50'),
        maxOpenPositions: 12,
        maxLeverage: ratio('1.5', 'leverage'),
        maxRiskPerOrder: ratio('0.0125', 'risk'),
      },
    }),
    atTheBounds(),
  ];
}

function atTheBounds(): Portfolio {
  return Portfolio.restore({
    ...anyPortfolio(),
    cash: usd(`-${LONGEST}`),
    deposits: usd(LONGEST),
    withdrawals: usd(LONGEST),
    realisedPnl: usd(`-${LONGEST}`),
    commissions: usd(SMALLEST),
    tradeCount: 2_147_483_647,
    winCount: 2_147_483_646,
    lossCount: 1,
    grossProfit: usd(LONGEST),
    grossLoss: usd(`-${LONGEST}`),
    lastSequence: Number.MAX_SAFE_INTEGER,
  });
}

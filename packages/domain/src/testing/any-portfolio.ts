import { cashMovement, Portfolio, type CashMovement, type NewPortfolio } from '../portfolios/index.js';
import { CashMovementId, Currency, Money, PortfolioId, Timestamp } from '../values/index.js';
import { anyUuid } from './test-ids.js';

/** What a plain new portfolio needs: in USD, without limits. Give what the test is about. */
export function anyNewPortfolio(given: Partial<NewPortfolio> = {}): NewPortfolio {
  const id = anyUuid();
  return {
    id: PortfolioId.of(id),
    name: `portfolio-${id}`,
    currency: Currency.of('USD'),
    openedAt: Timestamp.of('2026-01-05T09:00:00Z'),
    ...given,
  };
}

/** A portfolio without cash; see {@link anyNewPortfolio}. */
export function anyPortfolio(given: Partial<NewPortfolio> = {}): Portfolio {
  return Portfolio.open(anyNewPortfolio(given));
}

/** A portfolio after one deposit, its first entry: 10,000 unless said otherwise. */
export function anyFundedPortfolio(amount: string | number = 10_000, given: Partial<NewPortfolio> = {}): Portfolio {
  const portfolio = anyPortfolio(given);
  return portfolio.move(anyMovementOf(portfolio, { amount: Money.of(amount, portfolio.currency) }));
}

/** A deposit of 1,000, the next entry in the portfolio's ledger. */
export function anyMovementOf(portfolio: Portfolio, given: Partial<CashMovement> = {}): CashMovement {
  return cashMovement({
    id: CashMovementId.of(anyUuid()),
    portfolioId: portfolio.id,
    kind: 'DEPOSIT',
    amount: Money.of(1000, portfolio.currency),
    sequence: portfolio.nextSequence,
    at: Timestamp.of('2026-01-05T09:30:00Z'),
    ...given,
  });
}

import { CurrencyMismatchError, InsufficientCashError, ValidationError } from '../errors.js';
import type { Execution } from '../executions/execution.js';
import type { PositionChange } from '../positions/apply-execution.js';
import { Currency } from '../values/currency.js';
import type { Decimal } from '../values/decimal.js';
import { optionalStrategy, PortfolioId, type StrategyName } from '../values/ids.js';
import { Money } from '../values/money.js';
import { Tags } from '../values/tags.js';
import { Timestamp } from '../values/timestamp.js';
import { checkedVersion } from '../values/version.js';
import { checkAmount, type CashMovement } from './cash-movement.js';
import { exposureBreaches, riskBreaches, type LimitBreach } from './breaches.js';
import { enlarges, withProposal, type Exposure, type Proposal } from './exposure.js';
import { checkedLimits, type PortfolioLimits } from './limits.js';
import { checkedPortfolio, portfolioName, type NewPortfolio, type PortfolioState } from './portfolio-state.js';

/** The cash of one strategy and the account of what became of it. Immutable: each entry returns the next portfolio. */
export class Portfolio implements PortfolioState {
  declare protected readonly nominal: 'Portfolio';

  readonly id: PortfolioId;
  readonly name: string;
  readonly currency: Currency;
  readonly strategy: StrategyName | undefined;
  readonly tags: Tags;
  readonly limits: PortfolioLimits;
  readonly cash: Money;
  readonly deposits: Money;
  readonly withdrawals: Money;
  readonly realisedPnl: Money;
  readonly commissions: Money;
  readonly tradeCount: number;
  readonly winCount: number;
  readonly lossCount: number;
  readonly grossProfit: Money;
  readonly grossLoss: Money;
  readonly lastSequence: number;
  readonly openedAt: Timestamp;
  readonly version: number;

  /** A new portfolio without cash, never stored; every field is read again by its parser. @throws ValidationError, CurrencyMismatchError */
  static open(portfolio: NewPortfolio): Portfolio {
    const currency = Currency.of(portfolio.currency);
    const zero = Money.zero(currency);
    return new Portfolio({
      id: PortfolioId.of(portfolio.id),
      name: portfolioName(portfolio.name),
      currency,
      strategy: optionalStrategy(portfolio.strategy),
      tags: Tags.of(portfolio.tags ?? Tags.none),
      limits: limitsIn(currency, portfolio.limits ?? {}),
      cash: zero,
      deposits: zero,
      withdrawals: zero,
      realisedPnl: zero,
      commissions: zero,
      tradeCount: 0,
      winCount: 0,
      lossCount: 0,
      grossProfit: zero,
      grossLoss: zero,
      lastSequence: 0,
      openedAt: Timestamp.of(portfolio.openedAt),
      version: 0,
    });
  }

  /** A portfolio as it was stored. @throws ValidationError INVALID_PORTFOLIO when its counts or sums cannot be, INVALID_TEXT, INVALID_VERSION */
  static restore(state: PortfolioState): Portfolio {
    return new Portfolio(checkedPortfolio(state));
  }

  private constructor(state: PortfolioState) {
    this.id = state.id;
    this.name = state.name;
    this.currency = state.currency;
    this.strategy = state.strategy;
    this.tags = state.tags;
    this.limits = state.limits;
    this.cash = state.cash;
    this.deposits = state.deposits;
    this.withdrawals = state.withdrawals;
    this.realisedPnl = state.realisedPnl;
    this.commissions = state.commissions;
    this.tradeCount = state.tradeCount;
    this.winCount = state.winCount;
    this.lossCount = state.lossCount;
    this.grossProfit = state.grossProfit;
    this.grossLoss = state.grossLoss;
    this.lastSequence = state.lastSequence;
    this.openedAt = state.openedAt;
    this.version = state.version;
  }

  /** The place that the next execution or cash movement takes in the ledger. */
  get nextSequence(): number {
    return this.lastSequence + 1;
  }

  /**
   * Books a deposit or withdrawal.
   * @throws InsufficientCashError for a withdrawal above the cash; CurrencyMismatchError; ValidationError MUST_BE_POSITIVE,
   * or INVALID_PORTFOLIO when it is out of sequence
   */
  move(movement: CashMovement): Portfolio {
    this.checkIsNext(movement.portfolioId, movement.sequence);
    checkAmount(movement);
    if (movement.kind === 'DEPOSIT') {
      return this.with({
        cash: this.cash.plus(movement.amount),
        deposits: this.deposits.plus(movement.amount),
        lastSequence: movement.sequence,
      });
    }
    if (this.cash.compare(movement.amount) < 0) throw new InsufficientCashError(this.id);
    return this.with({
      cash: this.cash.minus(movement.amount),
      withdrawals: this.withdrawals.plus(movement.amount),
      lastSequence: movement.sequence,
    });
  }

  /**
   * Books an execution and what it did to the position. Never refused for want of cash or for a limit: a fill is a fact.
   * @throws CurrencyMismatchError; ValidationError OUT_OF_RANGE, or INVALID_PORTFOLIO when it is out of sequence
   */
  record(execution: Execution, change: PositionChange): Portfolio {
    this.checkIsNext(execution.portfolioId, execution.sequence);
    return this.with({
      cash: this.cash.minus(execution.signedNotional).minus(execution.commission),
      realisedPnl: this.realisedPnl.plus(change.realisedPnl),
      commissions: this.commissions.plus(execution.commission),
      lastSequence: execution.sequence,
      ...(change.closed && this.tradeEnded(change.closed.totalPnl())),
    });
  }

  /**
   * Which limits the proposed order would exceed, should it and every active order of its side be filled; each part at its own
   * price: what is held at the mark (its average price without one), what is ordered at the price of its order, see `valuationPrice`.
   * Empty when it may be placed; always empty for an order that cannot enlarge the exposure to its symbol.
   */
  breachesOf(proposal: Proposal, equity: Money, exposures: readonly Exposure[]): LimitBreach[] {
    const after = withProposal(exposures, proposal);
    const ofSymbol = (list: readonly Exposure[]) => list.find(({ symbol }) => symbol === proposal.symbol);
    if (!enlarges(ofSymbol(exposures), ofSymbol(after), this.currency)) return [];
    // A position in another symbol that has outgrown its limit is no reason to refuse this order.
    const ofThisOrder = ({ symbol }: LimitBreach) => symbol === undefined || symbol === proposal.symbol;
    return [
      ...exposureBreaches(this.limits, equity, after).filter(ofThisOrder),
      ...riskBreaches(this.limits, equity, proposal),
    ];
  }

  /** Whether the proposed order keeps every limit; see {@link breachesOf}. */
  canOpen(proposal: Proposal, equity: Money, exposures: readonly Exposure[]): boolean {
    return this.breachesOf(proposal, equity, exposures).length === 0;
  }

  /** The same portfolio with other limits. @throws ValidationError INVALID_LIMITS; CurrencyMismatchError */
  withLimits(limits: PortfolioLimits): Portfolio {
    return this.with({ limits: limitsIn(this.currency, limits) });
  }

  /** The same portfolio at another version; for units of work. */
  atVersion(version: number): Portfolio {
    return this.with({ version: checkedVersion(version) });
  }

  /** Deposits less withdrawals. */
  get capital(): Money {
    return this.deposits.minus(this.withdrawals);
  }

  /** Cash and the market value of the positions. */
  equity(marketValue: Money): Money {
    return this.cash.plus(marketValue);
  }

  /** Equity less capital: realised and unrealised profit and loss after commissions. */
  totalPnl(marketValue: Money): Money {
    return this.equity(marketValue).minus(this.capital);
  }

  /** What closing every position at its market value would realise, before commissions: by the accounting identity, the market value less the cost basis. */
  unrealisedPnl(marketValue: Money): Money {
    return this.totalPnl(marketValue).minus(this.realisedPnl).plus(this.commissions);
  }

  /** Total P&L / deposits, as a ratio: 0.05 is five per cent. Undefined before the first deposit. */
  returnRatio(marketValue: Money): Decimal | undefined {
    return this.totalPnl(marketValue).ratioTo(this.deposits);
  }

  private tradeEnded(pnl: Money): Partial<PortfolioState> {
    return {
      tradeCount: this.tradeCount + 1,
      winCount: this.winCount + (pnl.isPositive ? 1 : 0),
      lossCount: this.lossCount + (pnl.isNegative ? 1 : 0),
      grossProfit: pnl.isPositive ? this.grossProfit.plus(pnl) : this.grossProfit,
      grossLoss: pnl.isNegative ? this.grossLoss.plus(pnl) : this.grossLoss,
    };
  }

  private checkIsNext(portfolioId: PortfolioId, sequence: number): void {
    if (portfolioId !== this.id || sequence !== this.nextSequence) {
      throw new ValidationError(
        'INVALID_PORTFOLIO',
        'The entry is of another portfolio, or not the next in its ledger.',
        {
          entity: 'portfolio',
          id: this.id,
        },
      );
    }
  }

  private with(changes: Partial<PortfolioState>): Portfolio {
    return Object.assign(new Portfolio(this), changes);
  }
}

function limitsIn(currency: Currency, limits: PortfolioLimits): PortfolioLimits {
  const checked = checkedLimits(limits);
  if (checked.maxPositionValue && checked.maxPositionValue.currency !== currency) {
    throw new CurrencyMismatchError(currency, checked.maxPositionValue.currency);
  }
  return checked;
}

import type { Currency } from '../values/currency.js';
import { Decimal } from '../values/decimal.js';
import type { PortfolioId, PositionId, StrategyName } from '../values/ids.js';
import { Money } from '../values/money.js';
import type { Multiplier } from '../values/multiplier.js';
import { Price } from '../values/price.js';
import type { Quantity } from '../values/quantity.js';
import { Tags } from '../values/tags.js';
import type { Ticker } from '../values/ticker.js';
import type { Timestamp } from '../values/timestamp.js';
import { checkedVersion } from '../values/version.js';
import type { Fill } from './fill.js';
import {
  checkedPosition,
  checkFill,
  invalid,
  type PositionOrigin,
  type PositionSide,
  type PositionState,
} from './position-state.js';

/** What a portfolio holds of one instrument, from flat to flat. Immutable: each fill returns the next position. */
export class Position implements PositionState {
  declare protected readonly nominal: 'Position';

  readonly id: PositionId;
  readonly portfolioId: PortfolioId;
  readonly symbol: Ticker;
  readonly currency: Currency;
  readonly multiplier: Multiplier;
  readonly quantity: Quantity;
  readonly costBasis: Money;
  readonly realisedPnl: Money;
  readonly commission: Money;
  readonly invested: Money;
  readonly maxValue: Money;
  readonly stopLoss: Price | undefined;
  readonly takeProfit: Price | undefined;
  readonly strategy: StrategyName | undefined;
  readonly tags: Tags;
  readonly openedAt: Timestamp;
  readonly closedAt: Timestamp | undefined;
  readonly version: number;

  /** A position that a fill opens. @throws ValidationError INVALID_POSITION for a fill of nothing, or one whose quantity and notional differ in sign */
  static open(origin: PositionOrigin, fill: Fill): Position {
    checkFill(origin.id, fill);
    const currency = fill.notional.currency;
    return new Position({
      id: origin.id,
      portfolioId: origin.portfolioId,
      symbol: origin.symbol,
      currency,
      multiplier: origin.multiplier,
      quantity: fill.quantity,
      costBasis: fill.notional,
      realisedPnl: Money.zero(currency),
      commission: fill.commission,
      invested: fill.notional.absolute(),
      maxValue: fill.notional.absolute(),
      stopLoss: undefined,
      takeProfit: undefined,
      strategy: origin.strategy,
      tags: Tags.of(origin.tags ?? Tags.none),
      openedAt: fill.at,
      closedAt: undefined,
      version: 0,
    });
  }

  /** A position as it was stored. @throws ValidationError INVALID_POSITION when its figures contradict each other, INVALID_VERSION */
  static restore(state: PositionState): Position {
    return new Position(checkedPosition(state));
  }

  private constructor(state: PositionState) {
    this.id = state.id;
    this.portfolioId = state.portfolioId;
    this.symbol = state.symbol;
    this.currency = state.currency;
    this.multiplier = state.multiplier;
    this.quantity = state.quantity;
    this.costBasis = state.costBasis;
    this.realisedPnl = state.realisedPnl;
    this.commission = state.commission;
    this.invested = state.invested;
    this.maxValue = state.maxValue;
    this.stopLoss = state.stopLoss;
    this.takeProfit = state.takeProfit;
    this.strategy = state.strategy;
    this.tags = state.tags;
    this.openedAt = state.openedAt;
    this.closedAt = state.closedAt;
    this.version = state.version;
  }

  /**
   * The position after a fill that adds to it, reduces it or closes it; one that crosses zero is split before
   * (see `applyExecution`). Reducing r of Q releases cost basis × r / Q, rounded once; closing releases all that is left.
   * @throws ValidationError INVALID_POSITION when it is closed, or the fill crosses zero or is of nothing; CurrencyMismatchError
   */
  apply(fill: Fill): Position {
    if (!this.isOpen) throw invalid(this.id, 'The position is closed; the next fill opens another.');
    checkFill(this.id, fill);
    const adds = fill.quantity.isNegative === this.quantity.isNegative;
    return adds ? this.add(fill) : this.reduce(fill);
  }

  /** The same position with other stops; pass undefined to take one away. */
  withStops(stops: { readonly stopLoss: Price | undefined; readonly takeProfit: Price | undefined }): Position {
    return this.with({
      stopLoss: stops.stopLoss && Price.positive(stops.stopLoss),
      takeProfit: stops.takeProfit && Price.positive(stops.takeProfit),
    });
  }

  /** The same position at another version; for units of work. */
  atVersion(version: number): Position {
    return this.with({ version: checkedVersion(version) });
  }

  get isOpen(): boolean {
    return !this.quantity.isZero;
  }

  get side(): PositionSide {
    return this.quantity.isPositive ? 'LONG' : this.quantity.isNegative ? 'SHORT' : 'FLAT';
  }

  /** Cost basis / (quantity × multiplier), to 18 decimals, half to even. Derived, never stored. Undefined when closed. */
  get averagePrice(): Price | undefined {
    if (!this.isOpen) return undefined;
    const units = this.quantity.toDecimal().mul(this.multiplier.toString());
    return Price.of(this.costBasis.toDecimal().div(units).toDecimalPlaces(18, Decimal.ROUND_HALF_EVEN));
  }

  /** quantity × price × multiplier, rounded once: below zero when short. */
  marketValue(price: Price): Money {
    return Money.notional(this.quantity, price, this.multiplier, this.currency);
  }

  /** Market value less cost basis: what closing at the price would realise, before commissions. */
  unrealisedPnl(price: Price): Money {
    return this.marketValue(price).minus(this.costBasis);
  }

  /** Realised and unrealised profit and loss, after commissions. A closed position needs no price. */
  totalPnl(price?: Price): Money {
    const realised = this.realisedPnl.minus(this.commission);
    if (!this.isOpen) return realised;
    if (!price) throw invalid(this.id, 'The total P&L of an open position needs a price.');
    return realised.plus(this.unrealisedPnl(price));
  }

  /** Total P&L / invested, as a ratio: 0.05 is five per cent. Undefined when nothing was invested. */
  returnRatio(price?: Price): Decimal | undefined {
    return this.totalPnl(price).ratioTo(this.invested);
  }

  /** Whether the price has reached the stop loss: at or below it when long, at or above it when short. */
  isStopLossHit(price: Price): boolean {
    if (!this.stopLoss || !this.isOpen) return false;
    return this.quantity.isPositive ? price.compare(this.stopLoss) <= 0 : price.compare(this.stopLoss) >= 0;
  }

  /** Whether the price has reached the take profit: at or above it when long, at or below it when short. */
  isTakeProfitHit(price: Price): boolean {
    if (!this.takeProfit || !this.isOpen) return false;
    return this.quantity.isPositive ? price.compare(this.takeProfit) >= 0 : price.compare(this.takeProfit) <= 0;
  }

  private add(fill: Fill): Position {
    const quantity = this.quantity.plus(fill.quantity);
    return this.with({
      quantity,
      costBasis: this.costBasis.plus(fill.notional),
      commission: this.commission.plus(fill.commission),
      invested: this.invested.plus(fill.notional.absolute()),
      maxValue: this.maxValueAfter(quantity, fill),
    });
  }

  private reduce(fill: Fill): Position {
    const quantity = this.quantity.plus(fill.quantity);
    if (!quantity.isZero && quantity.isNegative !== this.quantity.isNegative) {
      throw invalid(this.id, 'The fill crosses zero: split it into a closing and an opening part first.');
    }
    const released = quantity.isZero ? this.costBasis : this.costBasis.prorata(fill.quantity.negated(), this.quantity);
    return this.with({
      quantity,
      costBasis: this.costBasis.minus(released),
      realisedPnl: this.realisedPnl.minus(fill.notional).minus(released),
      commission: this.commission.plus(fill.commission),
      maxValue: this.maxValueAfter(quantity, fill),
      closedAt: quantity.isZero ? fill.at : undefined,
    });
  }

  private maxValueAfter(quantity: Quantity, fill: Fill): Money {
    const value = Money.notional(quantity, fill.price, this.multiplier, this.currency).absolute();
    return value.compare(this.maxValue) > 0 ? value : this.maxValue;
  }

  private with(changes: Partial<PositionState>): Position {
    return Object.assign(new Position(this), changes);
  }
}

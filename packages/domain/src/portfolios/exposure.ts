import { Money } from '../values/money.js';
import type { Currency } from '../values/currency.js';
import type { Multiplier } from '../values/multiplier.js';
import type { Price } from '../values/price.js';
import { Quantity } from '../values/quantity.js';
import type { Ticker } from '../values/ticker.js';
import type { OrderState } from '../orders/order-state.js';
import { OrderTerms, type OrderSide } from '../orders/order-terms.js';

/** What an active order may still fill (FIX tag 151, LeavesQty), and the price it is valued at; see {@link valuationPrice}. */
export interface Leaves {
  readonly quantity: Quantity;
  readonly price: Price;
}

/** What a portfolio holds and has ordered of one symbol. */
export interface Exposure {
  readonly symbol: Ticker;
  readonly multiplier: Multiplier;
  /** Signed. */
  readonly held: Quantity;
  /** What is held is valued at: the mark, or its average price where there is none. */
  readonly price: Price;
  /** What active orders may still fill, by side. */
  readonly buying: readonly Leaves[];
  readonly selling: readonly Leaves[];
}

/** An order that is to be placed, as far as limits are concerned. */
export interface Proposal {
  readonly symbol: Ticker;
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly multiplier: Multiplier;
  /** The price it is expected to trade at: the one its terms name, else the mark. Risk is counted from it. */
  readonly price: Price;
  /** The price that limits on value take, see {@link valuationPrice}; `price` unless said otherwise. */
  readonly valuedAt?: Price | undefined;
  /** The price at which its loss is to be cut. */
  readonly stopLoss?: Price | undefined;
}

/**
 * The price at which limits value what an order may still fill: for a buy with a limit that limit, which is the most it can cost.
 * A sale or a stop names no highest price: it trades at the market when the market is higher, so the higher of the two counts.
 * @param mark the last price of the symbol, where there is one
 * @returns undefined for a market order without a mark
 */
export function valuationPrice(order: Pick<OrderState, 'side' | 'terms'>, mark: Price | undefined): Price | undefined {
  const named = OrderTerms.referencePrice(order.terms);
  if (!named || !mark) return named ?? mark;
  const isCapped = order.side === 'BUY' && order.terms.limitPrice !== undefined;
  return isCapped || named.compare(mark) >= 0 ? named : mark;
}

/**
 * The largest value, absolute, that the symbol can come to when only the buys or only the sells are filled; each part at its own
 * price: what is held at the exposure's, what is ordered at the orders'. Orders against what is held close it first, and then it
 * counts no more. Which of them are left over nobody knows, so it is the dearest.
 */
export function worstValue(exposure: Exposure, currency: Currency): Money {
  const { held, buying, selling } = exposure;
  const value = ({ quantity, price }: Leaves) => Money.notional(quantity, price, exposure.multiplier, currency);
  const holding = value({ quantity: held.absolute(), price: exposure.price });
  const filled = (orders: readonly Leaves[], isAgainst: boolean) => {
    const opening = dearest(orders, isAgainst ? total(orders).minus(held.absolute()) : total(orders));
    return opening.map(value).reduce((sum, each) => sum.plus(each), isAgainst ? Money.zero(currency) : holding);
  };
  const [long, short] = [filled(buying, held.isNegative), filled(selling, held.isPositive)];
  return long.compare(short) >= 0 ? long : short;
}

/** The largest quantity, absolute, that the symbol can come to when only the buys or only the sells are filled. */
export function worstQuantity({ held, buying, selling }: Exposure): Quantity {
  const long = held.plus(total(buying)).absolute();
  const short = held.minus(total(selling)).absolute();
  return long.compare(short) >= 0 ? long : short;
}

function total(orders: readonly Leaves[]): Quantity {
  return orders.reduce((sum, { quantity }) => sum.plus(quantity), Quantity.zero);
}

/** So much of the orders, at the highest prices among them; nothing of them when it is not above zero. */
function dearest(orders: readonly Leaves[], quantity: Quantity): Leaves[] {
  let left = quantity;
  return [...orders]
    .sort((a, b) => b.price.compare(a.price))
    .flatMap((order) => {
      const taken = order.quantity.compare(left) < 0 ? order.quantity : left;
      if (!taken.isPositive) return [];
      left = left.minus(taken);
      return [{ ...order, quantity: taken }];
    });
}

/** The exposures once the proposal is an active order. */
export function withProposal(exposures: readonly Exposure[], proposal: Proposal): Exposure[] {
  const { symbol, multiplier, side, quantity, price, valuedAt = price } = proposal;
  const present = exposures.find((exposure) => exposure.symbol === symbol);
  const before: Exposure = present ?? { symbol, multiplier, held: Quantity.zero, price, buying: [], selling: [] };
  const leaves = { quantity, price: valuedAt };
  const after: Exposure =
    side === 'BUY'
      ? { ...before, buying: [...before.buying, leaves] }
      : { ...before, selling: [...before.selling, leaves] };
  return [...exposures.filter((exposure) => exposure !== present), after];
}

/** Whether the symbol can come to more than before, in quantity or in value. */
export function enlarges(before: Exposure | undefined, after: Exposure | undefined, currency: Currency): boolean {
  if (!before || !after) return after !== undefined;
  return (
    worstQuantity(after).compare(worstQuantity(before)) > 0 ||
    worstValue(after, currency).compare(worstValue(before, currency)) > 0
  );
}

import { ValidationError } from '../errors.js';
import { Price } from '../values/price.js';

export const ORDER_SIDES = ['BUY', 'SELL'] as const;
/** FIX tag 54, Side. */
export type OrderSide = (typeof ORDER_SIDES)[number];

export const ORDER_TYPES = ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'] as const;
/** FIX tag 40, OrdType. */
export type OrderType = (typeof ORDER_TYPES)[number];

export const TIMES_IN_FORCE = ['DAY', 'GTC', 'IOC', 'FOK'] as const;
/** FIX tag 59, TimeInForce. */
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

/** @throws ValidationError INVALID_ORDER for a side that is none */
export function checkedSide(side: OrderSide): OrderSide {
  if (ORDER_SIDES.includes(side)) return side;
  throw new ValidationError('INVALID_ORDER', `A side is one of ${ORDER_SIDES.join(', ')}.`);
}

/** @throws ValidationError INVALID_ORDER for a time in force that is none */
export function checkedTimeInForce(timeInForce: TimeInForce): TimeInForce {
  if (TIMES_IN_FORCE.includes(timeInForce)) return timeInForce;
  throw new ValidationError('INVALID_ORDER', `A time in force is one of ${TIMES_IN_FORCE.join(', ')}.`);
}

/** At which price the order may trade. Each type has exactly the prices it needs. */
export type OrderTerms =
  | { readonly type: 'MARKET'; readonly limitPrice?: undefined; readonly stopPrice?: undefined }
  | { readonly type: 'LIMIT'; readonly limitPrice: Price; readonly stopPrice?: undefined }
  | { readonly type: 'STOP'; readonly limitPrice?: undefined; readonly stopPrice: Price }
  | { readonly type: 'STOP_LIMIT'; readonly limitPrice: Price; readonly stopPrice: Price };

export const OrderTerms = {
  market: { type: 'MARKET' } as const satisfies OrderTerms,
  limit: (limitPrice: Price): OrderTerms => ({ type: 'LIMIT', limitPrice: Price.positive(limitPrice) }),
  stop: (stopPrice: Price): OrderTerms => ({ type: 'STOP', stopPrice: Price.positive(stopPrice) }),
  stopLimit: (stopPrice: Price, limitPrice: Price): OrderTerms => ({
    type: 'STOP_LIMIT',
    limitPrice: Price.positive(limitPrice),
    stopPrice: Price.positive(stopPrice),
  }),

  /**
   * Terms from an order type and the prices that came with it, as rows and messages have them.
   * @throws ValidationError INVALID_ORDER when a price is missing, or one too many; MUST_BE_POSITIVE for a price of zero
   */
  of(type: OrderType, prices: { limitPrice?: Price | undefined; stopPrice?: Price | undefined }): OrderTerms {
    const { limitPrice, stopPrice } = prices;
    if (type === 'MARKET' && !limitPrice && !stopPrice) return OrderTerms.market;
    if (type === 'LIMIT' && limitPrice && !stopPrice) return OrderTerms.limit(limitPrice);
    if (type === 'STOP' && stopPrice && !limitPrice) return OrderTerms.stop(stopPrice);
    if (type === 'STOP_LIMIT' && limitPrice && stopPrice) return OrderTerms.stopLimit(stopPrice, limitPrice);
    throw new ValidationError(
      'INVALID_ORDER',
      'A MARKET order has no price, a LIMIT order a limit price, a STOP order a stop price, a STOP_LIMIT order both.',
    );
  },

  /** Terms that may be anything, whatever the compiler was told. @throws ValidationError as of */
  checked(terms: OrderTerms): OrderTerms {
    const { type, limitPrice, stopPrice } = Object(terms) as OrderTerms;
    return OrderTerms.of(type, { limitPrice, stopPrice });
  },

  /** The price at which the order is expected to trade, where its terms name one: the limit, else the stop. */
  referencePrice(terms: OrderTerms): Price | undefined {
    switch (terms.type) {
      case 'MARKET':
        return undefined;
      case 'STOP':
        return terms.stopPrice;
      case 'LIMIT':
      case 'STOP_LIMIT':
        return terms.limitPrice;
    }
  },
};

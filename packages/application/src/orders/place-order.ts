import {
  ClientOrderId,
  hasLimits,
  Multiplier,
  MultiplierMismatchError,
  Order,
  OrderId,
  OrderTerms,
  PortfolioId,
  Price,
  Ticker,
  valuationPrice,
  type Mark,
  type NewOrder,
  type Portfolio,
  type Position,
} from '@blotter/domain';
import { CommandConflictError, DuplicateError, LimitBreachedError, MissingPriceError } from '../errors.js';
import { readExposure, type PortfolioExposure } from '../portfolios/read-exposure.js';
import type { UnitOfWork } from '../transactions/unit-of-work.js';

/** A new order; its currency is its portfolio's. */
export type PlaceOrder = Omit<NewOrder, 'currency'> & {
  /** Where the loss is to be cut, for the limit on risk. Not kept on the order. */
  readonly stopLoss?: Price | undefined;
};

/**
 * Stores a PENDING order, when it keeps the limits of its portfolio and its fills could be booked on what is held. The same
 * command again returns the order as it is now.
 * @throws NotFoundError, LimitBreachedError, MissingPriceError, ValidationError; MultiplierMismatchError when the open position or
 * an active order in the symbol has another multiplier; CommandConflictError when the id belongs to another order;
 * DuplicateError when the client order id does
 */
export async function placeOrder(unit: UnitOfWork, command: PlaceOrder): Promise<Order> {
  const checked = checkedCommand(command);
  const { portfolioId, symbol, multiplier } = checked;
  // One round trip. Behind the portfolio's lock, so nothing that is read here changes before the order is stored.
  const [portfolio, present, sameClientId, held, otherwiseOrdered] = await Promise.all([
    unit.portfolios.getForUpdate(portfolioId),
    unit.orders.find(checked.id),
    unit.orders.findByClientOrderId(portfolioId, checked.clientOrderId),
    unit.positions.findOpen(portfolioId, symbol),
    unit.orders.findActiveWithOtherMultiplier(portfolioId, symbol, multiplier),
  ]);
  const order = newOrder(checked, portfolio, { present, sameClientId, held: held?.position, otherwiseOrdered });
  if (order === present) return order;
  if (hasLimits(portfolio.limits)) {
    const [exposure, mark] = await Promise.all([readExposure(unit, portfolio), unit.marks.find(symbol)]);
    checkLimits(portfolio, order, checked.stopLoss, exposure, mark);
  }
  return unit.orders.save(order);
}

/** What the book has already that the order may repeat or contradict. */
export interface Present {
  /** Under the order's id. */
  readonly present: Order | undefined;
  readonly sameClientId: Order | undefined;
  /** The open position in the symbol. */
  readonly held: Position | undefined;
  /** An active order in the symbol, with another multiplier. */
  readonly otherwiseOrdered: Order | undefined;
}

/** The order of the command, or the one that is there already when the command is a repetition. @throws as placeOrder */
export function newOrder(
  command: CheckedCommand,
  portfolio: Portfolio,
  { present, sameClientId, held, otherwiseOrdered }: Present,
): Order {
  const order = Order.create({ ...command, currency: portfolio.currency });
  if (present) {
    if (!isSameCommand(present, order)) throw new CommandConflictError('order', order.id);
    return present;
  }
  if (sameClientId) throw new DuplicateError('order', 'client order id', { id: sameClientId.id });
  if (otherwiseOrdered || (held && !held.multiplier.equals(order.multiplier))) {
    throw new MultiplierMismatchError('order', order.id, order.symbol);
  }
  return order;
}

export type CheckedCommand = PlaceOrder & { readonly multiplier: Multiplier };

/** What the book is asked about before the order can be made, and what is not kept on it. */
export function checkedCommand(command: PlaceOrder): CheckedCommand {
  return {
    ...command,
    id: OrderId.of(command.id),
    portfolioId: PortfolioId.of(command.portfolioId),
    clientOrderId: ClientOrderId.of(command.clientOrderId),
    symbol: Ticker.of(command.symbol),
    multiplier: Multiplier.of(command.multiplier ?? Multiplier.one),
    stopLoss: command.stopLoss === undefined ? undefined : Price.positive(command.stopLoss),
  };
}

/** @throws LimitBreachedError, MissingPriceError */
export function checkLimits(
  portfolio: Portfolio,
  order: Order,
  stopLoss: Price | undefined,
  { equity, exposures }: PortfolioExposure,
  mark: Mark | undefined,
): void {
  const { symbol, side, quantity, multiplier } = order;
  const price = OrderTerms.referencePrice(order.terms) ?? mark?.price;
  if (!price) throw new MissingPriceError(portfolio.id, symbol);
  const valuedAt = valuationPrice(order, mark?.price);
  const proposal = { symbol, side, quantity, multiplier, price, valuedAt, stopLoss };
  const breaches = portfolio.breachesOf(proposal, equity, exposures);
  if (breaches.length > 0) throw new LimitBreachedError(portfolio.id, breaches);
}

function isSameCommand(present: Order, order: Order): boolean {
  const samePrice = (a: Price | undefined, b: Price | undefined) => (a && b ? a.equals(b) : a === b);
  return (
    present.portfolioId === order.portfolioId &&
    present.clientOrderId === order.clientOrderId &&
    present.symbol === order.symbol &&
    present.side === order.side &&
    present.quantity.equals(order.quantity) &&
    present.multiplier.equals(order.multiplier) &&
    present.timeInForce === order.timeInForce &&
    present.terms.type === order.terms.type &&
    samePrice(present.terms.limitPrice, order.terms.limitPrice) &&
    samePrice(present.terms.stopPrice, order.terms.stopPrice)
  );
}

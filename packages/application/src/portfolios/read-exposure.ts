import {
  marketValueOf,
  type Money,
  OrderTerms,
  Quantity,
  valuationPrice,
  type Exposure,
  type Mark,
  type MarkedPosition,
  type Order,
  type Portfolio,
  type PortfolioId,
  type Price,
  type Ticker,
} from '@blotter/domain';
import { MissingPriceError } from '../errors.js';
import { everyItem } from '../paging/every-item.js';
import type { UnitOfWork } from '../transactions/unit-of-work.js';

/** What limits are judged by. */
export interface PortfolioExposure {
  readonly equity: Money;
  readonly exposures: readonly Exposure[];
}

/**
 * What the portfolio holds, valued at the marks, without one at what was paid for it; and what it has ordered, each order at its
 * own price (see `valuationPrice`), a market order without a mark at what the symbol is held at, or the most that is bid or asked.
 * The portfolio is locked by the caller, so nothing of this moves meanwhile but the marks.
 */
export async function readExposure(unit: UnitOfWork, portfolio: Portfolio): Promise<PortfolioExposure> {
  const [positions, orders] = await readHoldings(unit, portfolio.id);
  const withoutPosition = symbolsOf(orders).filter(
    (symbol) => !positions.some(({ position }) => position.symbol === symbol),
  );
  const marks = withoutPosition.length === 0 ? [] : await unit.marks.findAll(withoutPosition);
  return exposureOf(portfolio, positions, orders, new Map(marks.map((mark) => [mark.symbol, mark])));
}

/** The open positions of a portfolio, and its active orders. */
export async function readHoldings(
  unit: UnitOfWork,
  id: PortfolioId,
): Promise<readonly [positions: readonly MarkedPosition[], orders: readonly Order[]]> {
  const [{ positions }, orders] = await Promise.all([unit.portfolios.getWithPositions(id), allActiveOrders(unit, id)]);
  return [positions, orders];
}

/** {@link readExposure}, of what has been read. @param marks of the symbols that are ordered and not held, where there are any */
export function exposureOf(
  portfolio: Portfolio,
  positions: readonly MarkedPosition[],
  orders: readonly Order[],
  marks: ReadonlyMap<Ticker, Mark>,
): PortfolioExposure {
  const held = new Set(positions.map(({ position }) => position.symbol));
  const withoutPosition = symbolsOf(orders).filter((symbol) => !held.has(symbol));
  return {
    equity: portfolio.equity(marketValueOf(portfolio, positions)),
    exposures: [
      ...positions.map((marked) => exposureOfPosition(marked, orders)),
      ...withoutPosition.map((symbol) => exposureOfOrders(portfolio, symbol, marks.get(symbol)?.price, orders)),
    ],
  };
}

function symbolsOf(orders: readonly Order[]): Ticker[] {
  return [...new Set(orders.map(({ symbol }) => symbol))];
}

async function allActiveOrders(unit: UnitOfWork, id: PortfolioId): Promise<Order[]> {
  const orders: Order[] = [];
  for await (const order of everyItem((page) => unit.orders.listActive(id, page))) orders.push(order);
  return orders;
}

function exposureOfPosition({ position, mark }: MarkedPosition, orders: readonly Order[]): Exposure {
  const { symbol, multiplier, quantity } = position;
  const price = mark?.price ?? position.averagePrice;
  if (!price) throw new MissingPriceError(position.portfolioId, symbol);
  return { symbol, multiplier, held: quantity, price, ...leavesOf(symbol, orders, mark?.price, price) };
}

function exposureOfOrders(
  portfolio: Portfolio,
  symbol: Ticker,
  mark: Price | undefined,
  orders: readonly Order[],
): Exposure {
  const ofSymbol = orders.filter((order) => order.symbol === symbol);
  const price = mark ?? highestNamed(ofSymbol);
  const multiplier = ofSymbol[0]?.multiplier;
  if (!price || !multiplier) throw new MissingPriceError(portfolio.id, symbol);
  return { symbol, multiplier, held: Quantity.zero, price, ...leavesOf(symbol, ofSymbol, mark, price) };
}

function highestNamed(orders: readonly Order[]): Price | undefined {
  const named = orders.flatMap(({ terms }) => OrderTerms.referencePrice(terms) ?? []);
  return named.sort((a, b) => b.compare(a))[0];
}

/** @param otherwise for a market order where there is no mark */
function leavesOf(
  symbol: Ticker,
  orders: readonly Order[],
  mark: Price | undefined,
  otherwise: Price,
): Pick<Exposure, 'buying' | 'selling'> {
  const ofSide = (side: Order['side']) =>
    orders
      .filter((order) => order.symbol === symbol && order.side === side)
      .map((order) => ({ quantity: order.remainingQuantity, price: valuationPrice(order, mark) ?? otherwise }));
  return { buying: ofSide('BUY'), selling: ofSide('SELL') };
}

/**
 * Where everything is in the filled book, by its number, so that nobody has to ask the database for it. Portfolio 1 is an old
 * one with a fifth of all orders; the others share the rest. The first orders of each portfolio are open and being filled.
 */
export const PORTFOLIOS = 50;
/** Orders of each portfolio that are filled in part, each in a symbol of its own, with an open position. */
export const FILLING = 20;
/** Active orders of each portfolio: those, and some that wait. */
export const ACTIVE = 50;
/** Daily snapshots of ten years, of portfolio 1. */
export const SNAPSHOTS = 3_650;
/** Below this a portfolio would not have its active orders. */
export const FEWEST_ORDERS = 5_000;

/** Ids are UUIDs of version 7 of one old moment, so whatever is new goes behind them. */
const ID_PREFIX = '01800000-0000-7000-8000-';
const PORTFOLIO_PREFIX = '01700000-0000-7000-8000-';

export function orderId(number: number): string {
  return `${ID_PREFIX}${String(number).padStart(12, '0')}`;
}

export function portfolioId(portfolio: number): string {
  return `${PORTFOLIO_PREFIX}${String(portfolio).padStart(12, '0')}`;
}

/** Orders of portfolio 1. */
export function ordersOfFirst(orders: number): number {
  return Math.floor(orders / 5);
}

/** The number of the portfolio's order `place`, counted from 1. */
export function orderNumber(orders: number, portfolio: number, place: number): number {
  const first = ordersOfFirst(orders);
  return portfolio === 1 ? place : first + (place - 1) * (PORTFOLIOS - 1) + (portfolio - 1);
}

export function symbol(place: number): string {
  return `SYM${((place - 1) % FILLING) + 1}`;
}

/** With all 18 decimals, which a float does not keep. */
export function quantity(number: number): string {
  return `${100 + (number % 900)}.123456789012345${String(number % 1_000).padStart(3, '0')}`;
}

/** One minute after another. */
export function createdAt(number: number): string {
  return new Date(Date.UTC(2015, 0, 1) + number * 60_000).toISOString();
}

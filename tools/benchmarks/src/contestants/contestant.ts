import type { Fill, NewOrder, SubmittedOrder } from '../book/inputs.js';

export interface OpenOptions {
  readonly url: string;
  /** Connections of its pool. */
  readonly sessions: number;
}

/** What is read is looked at before it is measured: ids, and decimals that must have kept every digit. */
export interface OrderSeen {
  readonly id: string;
  readonly quantity: { toString(): string };
}

/** The row before a page of a portfolio's orders, by the time of creation. */
export interface PageStart {
  readonly createdAt: string;
  readonly id: string;
}

/** Sends many in one transaction. They were put into the form that its API takes before the clock started. */
export type Send = () => Promise<unknown>;

/** The work that is measured. */
export interface Work {
  findOrder(id: string): Promise<OrderSeen | undefined>;
  /** All 50 of a portfolio. */
  activeOrders(portfolioId: string): Promise<readonly OrderSeen[]>;
  /** 100 of them. */
  ordersPage(portfolioId: string, after: PageStart | undefined): Promise<readonly OrderSeen[]>;
  portfolioWithPositions(portfolioId: string): Promise<{ readonly positions: readonly unknown[] }>;
  snapshots(portfolioId: string): Promise<readonly unknown[]>;
  /** Reads every order once, in no order, and counts them. */
  streamOrders(batch: number): Promise<number>;
  addOrder(order: NewOrder): Promise<unknown>;
  addOrderGrouped(order: NewOrder): Promise<unknown>;
  /** Locks and reads the portfolio, the order and the position; adds the execution and updates the three. */
  recordFill(fill: Fill): Promise<unknown>;
  recordFillGrouped(fill: Fill): Promise<unknown>;
  saveOrders(orders: readonly NewOrder[]): Send;
  /** Those that are stored already become submitted, with their broker's id and time. */
  upsertOrders(orders: readonly SubmittedOrder[]): Send;
  recordFills(fills: readonly Fill[]): Send;
  /** An order from its creation through three fills, with its position and portfolio, in memory alone. */
  liveThroughOrder(): void;
}

/** The work as one contestant does it. What it has no way of its own for is missing. */
export interface OpenBook extends Partial<Work> {
  close(): Promise<void>;
}

export type Open = (options: OpenOptions) => Promise<OpenBook>;

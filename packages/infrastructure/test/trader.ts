import type { PlaceOrder } from '@blotter/application';
import {
  CashMovementId,
  Money,
  OrderId,
  Price,
  Quantity,
  SnapshotId,
  Ticker,
  Timestamp,
  type Currency,
  type ExecutionReport,
  type MarkedPosition,
  type NewPortfolio,
  type Order,
  type OrderSide,
  type Portfolio,
  type PortfolioId,
  type PortfolioSnapshot,
} from '@blotter/domain';
import { anyNewOrder, anyNewPortfolio, anyReportOf, anyUuid } from '@blotter/domain/testing';
import type { TestBook } from './test-book.js';

/** Where a trade differs from ten AAPL at 100 without commission. */
export interface Trade {
  readonly side?: OrderSide;
  readonly symbol?: string;
  readonly quantity?: string;
  readonly price?: string;
  readonly commission?: string;
  readonly order?: Partial<PlaceOrder>;
}

/** A portfolio in the book, and the commands of whoever trades it; all of it is read back from the database. */
export class Trader {
  /** Opens a portfolio, with 10,000 in cash unless said otherwise. */
  static async open(book: TestBook, given: Partial<NewPortfolio> = {}, deposit = '10000'): Promise<Trader> {
    const { id, currency } = await book.blotter.openPortfolio(anyNewPortfolio(given));
    const trader = new Trader(book, id, currency);
    if (deposit !== '0') await trader.deposit(deposit);
    return trader;
  }

  private constructor(
    private readonly book: TestBook,
    readonly portfolioId: PortfolioId,
    private readonly currency: Currency,
  ) {}

  async deposit(amount: string): Promise<void> {
    await this.book.blotter.deposit(this.movement(amount));
  }

  async withdraw(amount: string): Promise<void> {
    await this.book.blotter.withdraw(this.movement(amount));
  }

  /** Places a market order to buy ten AAPL, but for what is given. */
  place(given: Partial<PlaceOrder> = {}): Promise<Order> {
    const order = anyNewOrder({ id: OrderId.of(anyUuid()), portfolioId: this.portfolioId });
    return this.book.blotter.placeOrder({ ...order, ...given });
  }

  /** Records a fill of the order: all that remains of it, at 100 and without commission, but for what is given. */
  async fill(order: Order, given: Partial<ExecutionReport> = {}): Promise<Order> {
    const recorded = await this.book.blotter.recordExecution(anyReportOf(order, given));
    if (recorded.alreadyRecorded) throw new Error('The fill was recorded before.');
    return recorded.order;
  }

  /** Places an order and has it filled. */
  async trade(trade: Trade = {}): Promise<Order> {
    const { side = 'BUY', symbol = 'AAPL', quantity = '10', price = '100', commission = '0' } = trade;
    const order = await this.place({
      side,
      symbol: Ticker.of(symbol),
      quantity: Quantity.of(quantity),
      ...trade.order,
    });
    return this.fill(order, { price: Price.of(price), commission: Money.of(commission, this.currency) });
  }

  async mark(price: string, at: string, symbol = 'AAPL'): Promise<void> {
    await this.book.blotter.markToMarket([{ symbol: Ticker.of(symbol), price: Price.of(price), at: Timestamp.of(at) }]);
  }

  snapshot(takenAt: string): Promise<PortfolioSnapshot> {
    const id = SnapshotId.of(anyUuid());
    return this.book.blotter.takeSnapshot({ id, portfolioId: this.portfolioId, takenAt: Timestamp.of(takenAt) });
  }

  portfolio(): Promise<Portfolio> {
    return this.book.database.read.portfolios.get(this.portfolioId);
  }

  /** The open position in a symbol, with its mark. @throws where there is none */
  async held(symbol = 'AAPL'): Promise<MarkedPosition> {
    const held = await this.book.database.read.positions.findOpen(this.portfolioId, Ticker.of(symbol));
    if (!held) throw new Error(`No open position in ${symbol}.`);
    return held;
  }

  private movement(amount: string) {
    return {
      id: CashMovementId.of(anyUuid()),
      portfolioId: this.portfolioId,
      amount: Money.of(amount, this.currency),
      at: Timestamp.of('2026-01-05T09:30:00Z'),
    };
  }
}

import {
  CashMovementId,
  ClientOrderId,
  OrderId,
  OrderTerms,
  PortfolioId,
  Price,
  Quantity,
  type ExecutionReport,
  type NewPortfolio,
  type Order,
  type OrderSide,
  type Portfolio,
  type PortfolioLimits,
  type Ticker,
} from '@blotter/domain';
import { Blotter } from '../../blotter.js';
import type { RecordedExecution } from '../../executions/record-execution.js';
import type { PlaceOrder } from '../../orders/place-order.js';
import { FixedClock } from '../test-clocks.js';
import type { BookHarness } from './contract-case.js';
import { afterNoon, anyReport, NOON, randomId, randomName, randomTicker, USD, usd } from './samples.js';

/** A portfolio with 10,000 in cash, and the commands of whoever trades it. */
export class TradingDesk {
  static async open(harness: BookHarness, limits?: PortfolioLimits): Promise<TradingDesk> {
    const blotter = new Blotter(harness.factory, { clock: new FixedClock(afterNoon(5)) });
    const opened = await blotter.openPortfolio({ ...newPortfolio(), limits });
    const desk = new TradingDesk(blotter, harness, opened.id);
    await blotter.deposit(desk.movement(10_000));
    return desk;
  }

  /** A symbol that only this desk trades. */
  readonly symbol: Ticker = randomTicker();

  private constructor(
    readonly blotter: Blotter,
    private readonly harness: BookHarness,
    readonly portfolioId: PortfolioId,
  ) {}

  movement(amount: string | number) {
    return { id: CashMovementId.of(randomId()), portfolioId: this.portfolioId, amount: usd(amount), at: NOON };
  }

  /** The command for a market order of 10. */
  order(changes: Partial<PlaceOrder> = {}): PlaceOrder {
    return {
      id: OrderId.of(randomId()),
      portfolioId: this.portfolioId,
      clientOrderId: ClientOrderId.of(randomName('client')),
      symbol: this.symbol,
      side: 'BUY',
      quantity: Quantity.of(10),
      terms: OrderTerms.market,
      timeInForce: 'DAY',
      createdAt: NOON,
      ...changes,
    };
  }

  place(changes: Partial<PlaceOrder> = {}): Promise<Order> {
    return this.blotter.placeOrder(this.order(changes));
  }

  /** A fill of the order, in whole and at 100 with a commission of 1 unless said otherwise. */
  report(order: Order, changes: Partial<ExecutionReport> = {}): ExecutionReport {
    return anyReport(order, { commission: usd(1), ...changes });
  }

  /** Places an order and has it filled. */
  async trade(side: OrderSide, quantity: string | number, price: string | number): Promise<RecordedExecution> {
    const order = await this.place({ side, quantity: Quantity.of(quantity) });
    return this.blotter.recordExecution(this.report(order, { price: Price.of(price) }));
  }

  portfolio(): Promise<Portfolio> {
    return this.harness.read.portfolios.get(this.portfolioId);
  }

  async position() {
    return (await this.harness.read.positions.findOpen(this.portfolioId, this.symbol))?.position;
  }
}

export function newPortfolio(): NewPortfolio {
  return { id: PortfolioId.of(randomId()), name: randomName('Desk'), currency: USD, openedAt: NOON };
}

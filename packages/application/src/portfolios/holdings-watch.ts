import {
  exposureBreaches,
  type LimitBreach,
  type Mark,
  type Order,
  type OrderId,
  type Portfolio,
  type PortfolioId,
  type Position,
  type Ticker,
} from '@blotter/domain';
import { exposureOf, readHoldings } from './read-exposure.js';
import type { UnitOfWork } from '../transactions/unit-of-work.js';

/** So many symbols one look-up of marks may name. */
const SYMBOLS_OF_A_LOOK_UP = 1_000;

/**
 * What a portfolio with limits holds and has ordered while many commands change it in one unit: read once, under the portfolio's
 * lock, and kept up to date here, so that each command is judged by what those before it have made.
 */
export class HoldingsWatch {
  /** @param symbols that the commands are about */
  static async read(unit: UnitOfWork, id: PortfolioId, symbols: readonly Ticker[]): Promise<HoldingsWatch> {
    const [positions, orders] = await readHoldings(unit, id);
    const watch = new HoldingsWatch();
    for (const { position } of positions) watch.hold(position.symbol, position);
    for (const order of orders) watch.order(order);
    const wanted = new Set([...symbols, ...watch.open.keys(), ...orders.map(({ symbol }) => symbol)]);
    await watch.readMarks(unit, [...wanted]);
    return watch;
  }

  private readonly open = new Map<Ticker, Position>();
  private readonly active = new Map<OrderId, Order>();
  private readonly marks = new Map<Ticker, Mark>();

  hold(symbol: Ticker, position: Position | undefined): void {
    if (position) this.open.set(symbol, position);
    else this.open.delete(symbol);
  }

  order(order: Order): void {
    if (order.isActive) this.active.set(order.id, order);
    else this.active.delete(order.id);
  }

  markOf(symbol: Ticker): Mark | undefined {
    return this.marks.get(symbol);
  }

  exposure(portfolio: Portfolio) {
    const positions = [...this.open.values()]
      .sort((a, b) => (a.openedAt + a.id < b.openedAt + b.id ? -1 : 1))
      .map((position) => ({ position, mark: this.marks.get(position.symbol) }));
    return exposureOf(portfolio, positions, [...this.active.values()], this.marks);
  }

  breaches(portfolio: Portfolio): LimitBreach[] {
    const { equity, exposures } = this.exposure(portfolio);
    return exposureBreaches(portfolio.limits, equity, exposures);
  }

  private async readMarks(unit: UnitOfWork, symbols: readonly Ticker[]): Promise<void> {
    for (let from = 0; from < symbols.length; from += SYMBOLS_OF_A_LOOK_UP) {
      const marks = await unit.marks.findAll(symbols.slice(from, from + SYMBOLS_OF_A_LOOK_UP));
      for (const mark of marks) this.marks.set(mark.symbol, mark);
    }
  }
}

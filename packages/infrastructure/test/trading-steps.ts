import {
  deposit,
  markToMarket,
  placeOrder,
  recordExecution,
  takeSnapshot,
  withdraw,
  type Blotter,
  type MoveCash,
  type PlaceOrder,
  type TakeSnapshot,
} from '@blotter/application';
import {
  BrokerOrderId,
  CashMovementId,
  Currency,
  ExecutionId,
  Money,
  Order,
  OrderTerms,
  Price,
  Quantity,
  SnapshotId,
  Ticker,
  Timestamp,
  type ExecutionReport,
  type Mark,
  type PortfolioId,
} from '@blotter/domain';
import { anyNewOrder, anyNewPortfolio, anyReportOf, anyUuid } from '@blotter/domain/testing';
import type { SeededRandom } from './seeded-random.js';

export const SYMBOLS = ['AAPL', 'MSFT', 'SPY'].map((symbol) => Ticker.of(symbol));

/** What the steps of all tasks share. */
export interface Floor {
  readonly blotter: Blotter;
  /** In ascending order. */
  readonly portfolioIds: readonly PortfolioId[];
  /** Placed by whichever task; any of them may be taken on by any other. */
  readonly orders: Order[];
}

type Step = (floor: Floor, random: SeededRandom) => Promise<unknown>;

/**
 * All use cases, and some that a user would make of them. What goes over several portfolios takes them in ascending order, and
 * what marks and values in one transaction locks its portfolio first.
 */
export const TRADING_STEPS: Readonly<Record<string, Step>> = {
  async place(floor, random) {
    floor.orders.push(await floor.blotter.placeOrder(order(random.pick(floor.portfolioIds), random)));
  },
  /** Inserts before it locks: its foreign key has share-locked the portfolio by then, and so may another's. */
  insertAndLock({ blotter, portfolioIds }, random) {
    const inserted = Order.create({ ...order(random.pick(portfolioIds), random), currency: Currency.of('USD') });
    return blotter.transactions.execute((unit) => {
      unit.orders.save(inserted);
      return unit.portfolios.getForUpdate(inserted.portfolioId);
    });
  },
  submit: ({ blotter, orders }, random) => {
    const { id } = random.pick(orders);
    return blotter.markSubmitted({ orderId: id, brokerOrderId: BrokerOrderId.of(`broker-${id}`), at: moment(random) });
  },
  fill: ({ blotter, orders }, random) => blotter.recordExecution(fill(random.pick(orders), random)),
  /** The broker sends the same report twice, at once. */
  async fillTwice({ blotter, orders }, random) {
    const report = fill(random.pick(orders), random);
    const again = { ...report, id: ExecutionId.of(anyUuid()) };
    const answers = await Promise.allSettled([report, again].map((sent) => blotter.recordExecution(sent)));
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
  },
  cancel: ({ blotter, orders }, random) => blotter.cancelOrder({ orderId: random.pick(orders).id, at: moment(random) }),
  remove({ blotter, orders }, random) {
    const { id } = random.pick(orders);
    return blotter.transactions.execute(async (unit) => {
      unit.orders.remove(await unit.orders.getForUpdate(id));
    });
  },
  deposit: ({ blotter, portfolioIds }, random) => blotter.deposit(movement(random.pick(portfolioIds), random)),
  withdraw: ({ blotter, portfolioIds }, random) => blotter.withdraw(movement(random.pick(portfolioIds), random)),
  snapshot: ({ blotter, portfolioIds }, random) => blotter.takeSnapshot(snapshot(random.pick(portfolioIds), random)),
  mark: ({ blotter }, random) => blotter.markToMarket(marks(random)),
  /** Opens a portfolio of its own and removes it: inserts and removals beside everything else. */
  async openAndRemove({ blotter }) {
    const { id } = await blotter.openPortfolio(anyNewPortfolio());
    await blotter.transactions.execute(async (unit) => {
      unit.portfolios.remove(await unit.portfolios.getForUpdate(id));
    });
  },
  markAndValue({ blotter, portfolioIds }, random) {
    const command = snapshot(random.pick(portfolioIds), random);
    const prices = marks(random);
    return blotter.transactions.execute(async (unit) => {
      await unit.portfolios.getForUpdate(command.portfolioId);
      await markToMarket(unit, prices);
      await takeSnapshot(unit, command);
    });
  },
  moveBetween({ blotter, portfolioIds }, random) {
    const [one, other] = twoOf(portfolioIds, random);
    const isUpwards = random.next() < 0.5;
    const [out, into] = [movement(isUpwards ? one : other, random), movement(isUpwards ? other : one, random)];
    return blotter.transactions.execute(async (unit) => {
      if (isUpwards) await withdraw(unit, out);
      await deposit(unit, into);
      if (!isUpwards) await withdraw(unit, out);
    });
  },
  tradeAcross({ blotter, portfolioIds }, random) {
    const commands = twoOf(portfolioIds, random).map((portfolioId) => order(portfolioId, random));
    return blotter.transactions.execute(async (unit) => {
      for (const command of commands) {
        const placed = await placeOrder(unit, command);
        await recordExecution(unit, anyReportOf(placed), AT);
      }
    });
  },
};

const AT = Timestamp.of('2026-01-05T15:00:00Z');

function order(portfolioId: PortfolioId, random: SeededRandom): PlaceOrder {
  return anyNewOrder({
    portfolioId,
    symbol: random.pick(SYMBOLS),
    side: random.pick(['BUY', 'SELL']),
    quantity: Quantity.of(`${1 + random.below(9)}.000000000000000007`),
    terms: OrderTerms.limit(price(random)),
  });
}

/** All of the order or a little, so that positions grow, shrink and cross zero. */
function fill(placed: Order, random: SeededRandom): ExecutionReport {
  const quantity = random.pick([placed.quantity, Quantity.of('0.500000000000000003')]);
  return anyReportOf(placed, { quantity, price: price(random), commission: Money.of('0.35', placed.currency) });
}

function movement(portfolioId: PortfolioId, random: SeededRandom): MoveCash {
  const amount = Money.of(`${1 + random.below(100)}.01`, 'USD');
  return { id: CashMovementId.of(anyUuid()), portfolioId, amount, at: AT };
}

function snapshot(portfolioId: PortfolioId, random: SeededRandom): TakeSnapshot {
  return { id: SnapshotId.of(anyUuid()), portfolioId, takenAt: moment(random) };
}

/** All symbols, in any order. */
function marks(random: SeededRandom): readonly Mark[] {
  return random.shuffled(SYMBOLS).map((symbol) => ({ symbol, price: price(random), at: moment(random) }));
}

function price(random: SeededRandom): Price {
  return Price.of(`${90 + random.below(20)}.333333333333333333`);
}

function moment(random: SeededRandom): Timestamp {
  const [second, microsecond] = [random.below(60), random.below(1_000_000)];
  const digits = (value: number, length: number) => value.toString().padStart(length, '0');
  return Timestamp.of(`2026-01-05T16:00:${digits(second, 2)}.${digits(microsecond, 6)}Z`);
}

/** Two different ones, in ascending order. */
function twoOf(portfolioIds: readonly PortfolioId[], random: SeededRandom): readonly [PortfolioId, PortfolioId] {
  const [one, other] = random.shuffled(portfolioIds).slice(0, 2).sort();
  if (one === undefined || other === undefined) throw new RangeError('There are not two portfolios.');
  return [one, other];
}

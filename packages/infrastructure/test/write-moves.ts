import { WriteSet } from '@blotter/application';
import {
  BrokerOrderId,
  cashMovement,
  CashMovementId,
  ClientOrderId,
  Execution,
  ExecutionId,
  Money,
  Order,
  OrderId,
  Portfolio,
  PortfolioId,
  Position,
  PositionId,
  Price,
  Quantity,
  SnapshotId,
  snapshotOf,
  Ticker,
  Timestamp,
  type Fill,
} from '@blotter/domain';
import { anyClosedPosition, anyExecutionOf, anyNewOrder, anyNewPortfolio, anyPosition } from '@blotter/domain/testing';

const AT = Timestamp.of('2026-01-06T14:30:00Z');
const USD = anyNewPortfolio().currency;

/** What somebody else wrote before. Each row is there for one move, so that any of them go together. */
export class Stage {
  readonly portfolio: Portfolio;
  readonly empty: Portfolio;
  /** Has an order, and nothing else. */
  readonly parent: Portfolio;
  private readonly orders = new Map<string, Order>();
  private readonly positions = new Map<string, Position>();
  /** More of each kind than go as a statement for each: they travel as arrays. */
  readonly some: {
    readonly portfolios: readonly Portfolio[];
    readonly orders: readonly Order[];
    readonly growing: readonly Position[];
    readonly flipping: readonly Position[];
  };
  readonly execution: Execution;
  readonly base = new WriteSet();

  /** @param ids in no order: a new row's may be before or behind those that are there */
  constructor(private readonly ids: string[]) {
    this.portfolio = this.base.savePortfolio(this.newPortfolio());
    this.empty = this.base.savePortfolio(this.newPortfolio());
    this.parent = this.base.savePortfolio(this.newPortfolio());
    this.base.saveOrder(this.newOrder('only', this.parent.id));
    for (const role of ['submitted', 'cancelled', 'removed', 'stale', 'filled'])
      this.orders.set(role, this.base.saveOrder(this.newOrder(role)));
    const working = this.newOrder('working').submit(BrokerOrderId.of('taken'), AT);
    this.orders.set('working', this.base.saveOrder(working));
    for (const symbol of ['GROWS', 'CLOSES', 'FLIPS', 'GOES', 'STALE', 'HELD'])
      this.positions.set(symbol, this.base.savePosition(this.newPosition(symbol)));
    this.some = {
      portfolios: five(() => this.base.savePortfolio(this.newPortfolio())),
      orders: five((name) => this.base.saveOrder(this.newOrder(name))),
      growing: five((name) => this.base.savePosition(this.newPosition(`GROWS-${name}`))),
      flipping: five((name) => this.base.savePosition(this.newPosition(`FLIPS-${name}`))),
    };
    this.execution = this.newExecution({ sequence: 1 });
    this.base.add({ action: 'add', kind: 'execution', fact: this.execution });
    this.base.add({ action: 'add', kind: 'cash movement', fact: this.newMovement(2) });
    this.base.add({ action: 'add', kind: 'snapshot', fact: this.newSnapshot('2026-01-05T00:00:00Z') });
  }

  order(role: string): Order {
    return known(this.orders.get(role));
  }

  position(symbol: string): Position {
    return known(this.positions.get(symbol));
  }

  newPortfolio(name?: string): Portfolio {
    const id = PortfolioId.of(this.nextId());
    return Portfolio.open(anyNewPortfolio({ id, name: name ?? `portfolio-${id}` }));
  }

  newOrder(name: string, portfolioId = this.portfolio.id): Order {
    const clientOrderId = ClientOrderId.of(name);
    return Order.create(anyNewOrder({ id: OrderId.of(this.nextId()), portfolioId, clientOrderId }));
  }

  newPosition(symbol: string, portfolioId = this.portfolio.id): Position {
    return anyPosition({ id: PositionId.of(this.nextId()), portfolioId, symbol: Ticker.of(symbol) });
  }

  newClosedPosition(symbol: string): Position {
    const id = PositionId.of(this.nextId());
    return anyClosedPosition({ id, portfolioId: this.portfolio.id, symbol: Ticker.of(symbol) });
  }

  newExecution(given: Partial<Execution>): Execution {
    return anyExecutionOf(this.order('filled'), { id: ExecutionId.of(this.nextId()), ...given });
  }

  newMovement(sequence: number) {
    const id = CashMovementId.of(this.nextId());
    const amount = Money.of('12.5', USD);
    return cashMovement({ id, portfolioId: this.portfolio.id, kind: 'DEPOSIT', amount, sequence, at: AT });
  }

  newSnapshot(takenAt: string) {
    return snapshotOf(SnapshotId.of(this.nextId()), Timestamp.of(takenAt), this.portfolio, []);
  }

  nextId(): string {
    return known(this.ids.pop());
  }
}

/** Registers writes. */
export type Move = (stage: Stage, set: WriteSet) => void;

/** All of them fit together. */
export const MOVES: Readonly<Record<string, Move>> = {
  'a portfolio changes': ({ portfolio }, set) => set.savePortfolio(portfolio.withLimits({ maxOpenPositions: 3 })),
  'a portfolio is opened': (stage, set) => set.savePortfolio(stage.newPortfolio()),
  'a portfolio is removed': ({ empty }, set) => {
    set.remove({ kind: 'portfolio', entity: empty });
  },
  'an order comes': (stage, set) => set.saveOrder(stage.newOrder('first')),
  'another order comes': (stage, set) => set.saveOrder(stage.newOrder('second')),
  'an order is submitted': (stage, set) => set.saveOrder(stage.order('submitted').submit(BrokerOrderId.of('free'), AT)),
  'an order is cancelled': (stage, set) => set.saveOrder(stage.order('cancelled').cancel(AT, 'no longer wanted')),
  'an order is removed, and its name used again': (stage, set) => {
    set.remove({ kind: 'order', entity: stage.order('removed') });
    set.saveOrder(stage.newOrder('removed'));
  },
  'a position grows': (stage, set) => set.savePosition(stage.position('GROWS').apply(fillOf(5))),
  'a position closes': (stage, set) => set.savePosition(stage.position('CLOSES').apply(fillOf(-10))),
  'a position is opened': (stage, set) => set.savePosition(stage.newPosition('OPENS')),
  'a position is opened and closed at once': (stage, set) => set.savePosition(stage.newClosedPosition('PASSES')),
  'a position is removed': (stage, set) => {
    set.remove({ kind: 'position', entity: stage.position('GOES') });
  },
  'an execution comes': (stage, set) => {
    set.add({ action: 'add', kind: 'execution', fact: stage.newExecution({ sequence: 3 }) });
  },
  'another execution comes': (stage, set) => {
    set.add({ action: 'add', kind: 'execution', fact: stage.newExecution({ sequence: 4 }) });
  },
  'cash comes': (stage, set) => {
    set.add({ action: 'add', kind: 'cash movement', fact: stage.newMovement(5) });
  },
  'a snapshot is taken': (stage, set) => {
    set.add({ action: 'add', kind: 'snapshot', fact: stage.newSnapshot('2026-01-07T00:00:00Z') });
  },
  'five portfolios change': ({ some }, set) => {
    for (const portfolio of some.portfolios) set.savePortfolio(portfolio.withLimits({ maxOpenPositions: 3 }));
  },
  'five orders are cancelled': ({ some }, set) => {
    for (const order of some.orders) set.saveOrder(order.cancel(AT, 'no longer "wanted", {for} \\ now'));
  },
  'five positions grow': ({ some }, set) => {
    for (const position of some.growing) set.savePosition(position.apply(fillOf(5)));
  },
  'five positions flip': (stage, set) => {
    for (const position of stage.some.flipping) flipOf(position)(stage, set);
  },
  'a price comes': (_, set) => {
    set.putMark({ symbol: Ticker.of('GROWS'), price: Price.of('101.5'), at: AT });
  },
};

export const flip: Move = (stage, set) => {
  flipOf(stage.position('FLIPS'))(stage, set);
};

/** Closes it, and opens another in its symbol. */
export function flipOf(position: Position): Move {
  return (stage, set) => {
    set.savePosition(position.apply(fillOf(-10)));
    set.savePosition(stage.newPosition(position.symbol));
  };
}

/** A fill at 100. */
export function fillOf(quantity: number): Fill {
  const notional = Money.of(quantity * 100, USD);
  return { quantity: Quantity.of(quantity), notional, commission: Money.zero(USD), price: Price.of(100), at: AT };
}

function five<Item>(make: (name: string) => Item): Item[] {
  return ['A', 'B', 'C', 'D', 'E'].map(make);
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The stage does not have it.');
  return value;
}

import type { WriteSet } from '@blotter/application';
import { BrokerOrderId, Money, PortfolioId, Position, Timestamp, type PositionState } from '@blotter/domain';
import { fillOf, type Stage } from './write-moves.js';

/** What the error says. */
export interface Refusal {
  readonly code: string;
  readonly entity: string;
  readonly id: string;
}

/** Registers a write that is refused, and says how. */
export type Fault = (stage: Stage, set: WriteSet) => Refusal;

/** Each of them goes together with all moves of `MOVES`. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'the version of a portfolio is stale': ({ parent }, set) => {
    set.savePortfolio(parent.atVersion(7).withLimits({ maxOpenPositions: 3 }));
    return { code: 'CONCURRENCY', entity: 'portfolio', id: parent.id };
  },
  'the version of a portfolio that is removed is stale': ({ parent }, set) => {
    set.remove({ kind: 'portfolio', entity: parent.atVersion(7) });
    return { code: 'CONCURRENCY', entity: 'portfolio', id: parent.id };
  },
  'the version of an order is stale': (stage, set) => {
    const { id } = set.saveOrder(stage.order('stale').atVersion(7).cancel(at));
    return { code: 'CONCURRENCY', entity: 'order', id };
  },
  'the version of an order that is removed is stale': (stage, set) => {
    const entity = stage.order('stale').atVersion(7);
    set.remove({ kind: 'order', entity });
    return { code: 'CONCURRENCY', entity: 'order', id: entity.id };
  },
  'the version of a position is stale': (stage, set) => {
    const { id } = set.savePosition(stage.position('STALE').atVersion(7).apply(fillOf(-1)));
    return { code: 'CONCURRENCY', entity: 'position', id };
  },
  'the version of a position that is removed is stale': (stage, set) => {
    const entity = stage.position('STALE').atVersion(7);
    set.remove({ kind: 'position', entity });
    return { code: 'CONCURRENCY', entity: 'position', id: entity.id };
  },
  'the version of a position that flips is stale': (stage, set) => {
    const { id } = set.savePosition(stage.position('STALE').atVersion(7).apply(fillOf(-10)));
    set.savePosition(stage.newPosition('STALE'));
    return { code: 'CONCURRENCY', entity: 'position', id };
  },
  'the name of a portfolio is taken': (stage, set) => {
    const { id } = set.savePortfolio(stage.newPortfolio(stage.portfolio.name));
    return { code: 'DUPLICATE', entity: 'portfolio', id };
  },
  'the client order id is taken': (stage, set) => {
    const { id } = set.saveOrder(stage.newOrder('stale'));
    return { code: 'DUPLICATE', entity: 'order', id };
  },
  'the broker order id is taken': (stage, set) => {
    const { id } = set.saveOrder(stage.order('stale').submit(BrokerOrderId.of('taken'), at));
    return { code: 'DUPLICATE', entity: 'order', id };
  },
  'a position in the symbol is open': (stage, set) => {
    const { id } = set.savePosition(stage.newPosition('HELD'));
    return { code: 'DUPLICATE', entity: 'position', id };
  },
  'a position in the symbol is open, and changes in the same unit': (stage, set) => {
    set.savePosition(stage.position('HELD').apply(fillOf(1)));
    const { id } = set.savePosition(stage.newPosition('HELD'));
    return { code: 'DUPLICATE', entity: 'position', id };
  },
  'the execution was recorded': (stage, set) => {
    const { brokerExecutionId } = stage.execution;
    const fact = stage.newExecution({ brokerExecutionId, sequence: 9 });
    set.add({ action: 'add', kind: 'execution', fact });
    return { code: 'DUPLICATE', entity: 'execution', id: fact.id };
  },
  'the place in the ledger is taken': (stage, set) => {
    const fact = stage.newMovement(2);
    set.add({ action: 'add', kind: 'cash movement', fact });
    return { code: 'DUPLICATE', entity: 'cash movement', id: fact.id };
  },
  'there is a snapshot of the moment': (stage, set) => {
    const fact = stage.newSnapshot('2026-01-05T00:00:00Z');
    set.add({ action: 'add', kind: 'snapshot', fact });
    return { code: 'DUPLICATE', entity: 'snapshot', id: fact.id };
  },
  'an order has no portfolio': (stage, set) => {
    const { id } = set.saveOrder(stage.newOrder('of nobody', PortfolioId.of(stage.nextId())));
    return { code: 'INTEGRITY', entity: 'order', id };
  },
  'a position has no portfolio': (stage, set) => {
    const { id } = set.savePosition(stage.newPosition('NOBODY', PortfolioId.of(stage.nextId())));
    return { code: 'INTEGRITY', entity: 'position', id };
  },
  'an order that is removed has executions': (stage, set) => {
    const entity = stage.order('filled');
    set.remove({ kind: 'order', entity });
    return { code: 'INTEGRITY', entity: 'order', id: entity.id };
  },
  'a portfolio that is removed has orders': ({ parent }, set) => {
    set.remove({ kind: 'portfolio', entity: parent });
    return { code: 'INTEGRITY', entity: 'portfolio', id: parent.id };
  },
  'a position that is new contradicts itself': (stage, set) => {
    const { id } = set.savePosition(forged(stage.newPosition('FORGED')));
    return { code: 'INTEGRITY', entity: 'position', id };
  },
  'a position that changes contradicts itself': (stage, set) => {
    const { id } = set.savePosition(forged(stage.position('HELD')));
    return { code: 'INTEGRITY', entity: 'position', id };
  },
};

const at = Timestamp.of('2026-01-06T14:30:00Z');

/** The domain makes none whose figures contradict each other; the database's checks do not rely on it. */
function forged(position: Position): Position {
  const invested = Money.of(-1, position.currency);
  const fields: PositionState = { ...position, invested };
  return Object.assign(Object.create(Position.prototype) as Position, fields);
}

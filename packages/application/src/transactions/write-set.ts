import type { CashMovement, Execution, Mark, Order, Portfolio, PortfolioSnapshot, Position } from '@blotter/domain';
import { ConcurrencyError } from '../errors.js';

/** What has an id and a version. */
export type VersionedKind = 'portfolio' | 'order' | 'position';
interface VersionedEntities {
  readonly portfolio: Portfolio;
  readonly order: Order;
  readonly position: Position;
}

/** A write of a versioned entity. `expected` is the version that must be stored; 0 for an insert. */
export type EntityWrite = {
  [Kind in VersionedKind]:
    | { readonly action: 'insert'; readonly kind: Kind; readonly entity: VersionedEntities[Kind] }
    | {
        readonly action: 'update' | 'delete';
        readonly kind: Kind;
        readonly entity: VersionedEntities[Kind];
        readonly expected: number;
      };
}[VersionedKind];

/** A write of a fact, or of a mark. */
export type FactWrite =
  | { readonly action: 'add'; readonly kind: 'execution'; readonly fact: Execution }
  | { readonly action: 'add'; readonly kind: 'cash movement'; readonly fact: CashMovement }
  | { readonly action: 'add'; readonly kind: 'snapshot'; readonly fact: PortfolioSnapshot }
  | { readonly action: 'put'; readonly kind: 'mark'; readonly fact: Mark };

export type Write = EntityWrite | FactWrite;

/** Versions of an entity that was saved in this unit: what the transaction has been sent, and what `save` returned last. */
interface Tracked {
  readonly stored: number;
  readonly latest: number;
  readonly removed: boolean;
}

/** What {@link WriteSet.remember} keeps for a savepoint. */
export interface WriteSetMemory {
  readonly tracked: ReadonlyMap<string, Tracked>;
}

/**
 * What a unit of work was given and has not sent yet. It keeps the latest state of each entity only,
 * and hands the writes out in one fixed order, so that two units never wait for each other in a circle.
 * For adapters; every adapter of the port uses this one.
 */
export class WriteSet {
  private tracked = new Map<string, Tracked>();
  private readonly entities = new Map<string, EntityWrite>();
  private readonly facts: FactWrite[] = [];
  private readonly marks = new Map<string, FactWrite>();

  get isEmpty(): boolean {
    return this.entities.size === 0 && this.facts.length === 0 && this.marks.size === 0;
  }

  /** @throws ConcurrencyError when the entity does not derive from what was saved last */
  savePortfolio(portfolio: Portfolio): Portfolio {
    const next = portfolio.atVersion(this.nextVersion('portfolio', portfolio));
    this.register('portfolio', next, portfolio.version);
    return next;
  }

  /** @throws ConcurrencyError as above */
  saveOrder(order: Order): Order {
    const next = order.atVersion(this.nextVersion('order', order));
    this.register('order', next, order.version);
    return next;
  }

  /** @throws ConcurrencyError as above */
  savePosition(position: Position): Position {
    const next = position.atVersion(this.nextVersion('position', position));
    this.register('position', next, position.version);
    return next;
  }

  /** @throws ConcurrencyError as above */
  remove(
    write: {
      [Kind in VersionedKind]: { readonly kind: Kind; readonly entity: VersionedEntities[Kind] };
    }[VersionedKind],
  ): void {
    const { kind, entity } = write;
    this.nextVersion(kind, entity);
    const key = keyOf(kind, entity.id);
    const stored = this.tracked.get(key)?.stored ?? entity.version;
    this.tracked.set(key, { stored, latest: entity.version, removed: true });
    if (stored === 0) this.entities.delete(key);
    else this.entities.set(key, { ...write, action: 'delete', expected: stored });
  }

  add(write: Exclude<FactWrite, { kind: 'mark' }>): void {
    this.facts.push(write);
  }

  /** Of several marks of one symbol the newest is kept. */
  putMark(mark: Mark): void {
    const before = this.marks.get(mark.symbol);
    if (before?.kind === 'mark' && before.fact.at >= mark.at) return;
    this.marks.set(mark.symbol, { action: 'put', kind: 'mark', fact: mark });
  }

  /** Everything registered, in the order it must be sent; the set is empty afterwards. */
  take(): Write[] {
    const writes: Write[] = [...this.entities.values(), ...this.facts, ...this.marks.values()];
    for (const key of this.entities.keys()) {
      const tracked = this.tracked.get(key);
      if (tracked) this.tracked.set(key, { ...tracked, stored: tracked.latest });
    }
    this.entities.clear();
    this.facts.length = 0;
    this.marks.clear();
    return writes
      .map((write) => ({ write, rank: rankOf(write), id: idOf(write) }))
      .sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
      .map(({ write }) => write);
  }

  /** The versions as they are now. Take the writes first. */
  remember(): WriteSetMemory {
    return { tracked: new Map(this.tracked) };
  }

  /** Back to the versions remembered; what was registered since is forgotten. */
  restore(memory: WriteSetMemory): void {
    this.tracked = new Map(memory.tracked);
    this.entities.clear();
    this.facts.length = 0;
    this.marks.clear();
  }

  private nextVersion(kind: VersionedKind, entity: { readonly id: string; readonly version: number }): number {
    const tracked = this.tracked.get(keyOf(kind, entity.id));
    if (tracked && (tracked.removed || tracked.latest !== entity.version)) throw new ConcurrencyError(kind, entity.id);
    return entity.version + 1;
  }

  private register<Kind extends VersionedKind>(kind: Kind, next: VersionedEntities[Kind], version: number): void {
    const key = keyOf(kind, next.id);
    const stored = this.tracked.get(key)?.stored ?? version;
    this.tracked.set(key, { stored, latest: next.version, removed: false });
    // The union's members differ by `kind` alone, and kind and entity come in together: the compiler cannot see that.
    const write = {
      action: stored === 0 ? 'insert' : 'update',
      kind,
      entity: next,
      expected: stored,
    } as unknown as EntityWrite;
    this.entities.set(key, write);
  }
}

function keyOf(kind: VersionedKind, id: string): string {
  return `${kind}:${id}`;
}

function idOf(write: Write): string {
  if (write.kind === 'mark') return write.fact.symbol;
  return 'entity' in write ? write.entity.id : write.fact.id;
}

/**
 * Portfolios, orders, positions, facts: parents before children, and the order in which locks are taken. What gives up a unique key
 * comes before what may take it in the same unit: removed orders before saved ones (client and broker order id), removed and
 * closing positions before opening ones (one open position per symbol; a flip has both).
 * Portfolios are removed last, when their orders and positions are gone: a portfolio's name is free again after the flush that
 * removes it, not before.
 */
function rankOf(write: Write): number {
  const isRemoval = write.action === 'delete';
  switch (write.kind) {
    case 'portfolio':
      return isRemoval ? 10 : 0;
    case 'order':
      return isRemoval ? 1 : 2;
    case 'position':
      return isRemoval ? 3 : write.entity.isOpen ? 5 : 4;
    case 'execution':
      return 6;
    case 'cash movement':
      return 7;
    case 'snapshot':
      return 8;
    case 'mark':
      return 9;
  }
}

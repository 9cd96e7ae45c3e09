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

/** An entity that was saved in this unit: what the transaction has been sent, what `save` returned last, and what is to be sent. */
interface Tracked {
  stored: number;
  latest: number;
  removed: boolean;
  write: EntityWrite | undefined;
}

/** Kinds apart, and by id alone: a key of both would be made and hashed anew for each look, which is half the cost of a save. */
type TrackedByKind = Readonly<Record<VersionedKind, Map<string, Tracked>>>;

/** What {@link WriteSet.remember} keeps for a savepoint. */
export interface WriteSetMemory {
  readonly tracked: TrackedByKind;
}

/**
 * What a unit of work was given and has not sent yet. It keeps the latest state of each entity only,
 * and hands the writes out in one fixed order, so that two units never wait for each other in a circle.
 * For adapters; every adapter of the port uses this one.
 */
export class WriteSet {
  private tracked: TrackedByKind = { portfolio: new Map(), order: new Map(), position: new Map() };
  /** What was saved or removed since the writes were taken last; each once. */
  private changed: Tracked[] = [];
  private facts: FactWrite[] = [];
  private readonly marks = new Map<string, FactWrite>();

  get isEmpty(): boolean {
    return !this.changed.some(({ write }) => write) && this.facts.length === 0 && this.marks.size === 0;
  }

  /** @throws ConcurrencyError when the entity does not derive from what was saved last */
  savePortfolio(portfolio: Portfolio): Portfolio {
    const next = portfolio.atVersion(this.nextVersion('portfolio', portfolio));
    this.register('portfolio', portfolio, next);
    return next;
  }

  /** @throws ConcurrencyError as above */
  saveOrder(order: Order): Order {
    const next = order.atVersion(this.nextVersion('order', order));
    this.register('order', order, next);
    return next;
  }

  /** @throws ConcurrencyError as above */
  savePosition(position: Position): Position {
    const next = position.atVersion(this.nextVersion('position', position));
    this.register('position', position, next);
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
    const tracked = this.track(kind, entity);
    tracked.latest = entity.version;
    tracked.removed = true;
    tracked.write = tracked.stored === 0 ? undefined : { ...write, action: 'delete', expected: tracked.stored };
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
  take(): readonly Write[] {
    const writes: Write[] = [];
    for (const tracked of this.changed) {
      if (tracked.write) writes.push(tracked.write);
      tracked.write = undefined;
      tracked.stored = tracked.latest;
    }
    // One by one: as the arguments of one call, some 120,000 are more than the stack holds.
    for (const fact of this.facts) writes.push(fact);
    for (const mark of this.marks.values()) writes.push(mark);
    this.forgetChanges();
    return inSendingOrder(writes);
  }

  /** The versions as they are now. Take the writes first. */
  remember(): WriteSetMemory {
    return { tracked: copyOf(this.tracked) };
  }

  /** Back to the versions remembered; what was registered since is forgotten. */
  restore(memory: WriteSetMemory): void {
    this.tracked = copyOf(memory.tracked);
    this.forgetChanges();
  }

  private forgetChanges(): void {
    // Every command comes by here: to cut an array takes longer than to make one, and to empty a map longer than to look.
    this.changed = [];
    this.facts = [];
    if (this.marks.size > 0) this.marks.clear();
  }

  private nextVersion(kind: VersionedKind, entity: { readonly id: string; readonly version: number }): number {
    const tracked = this.tracked[kind].get(entity.id);
    if (tracked && (tracked.removed || tracked.latest !== entity.version)) throw new ConcurrencyError(kind, entity.id);
    return entity.version + 1;
  }

  private register<Kind extends VersionedKind>(
    kind: Kind,
    entity: VersionedEntities[Kind],
    next: VersionedEntities[Kind],
  ): void {
    const tracked = this.track(kind, entity);
    const { stored } = tracked;
    tracked.latest = next.version;
    const write = { action: stored === 0 ? 'insert' : 'update', kind, entity: next, expected: stored };
    // The union's members differ by `kind` alone, and kind and entity come in together: the compiler cannot see that.
    tracked.write = write as unknown as EntityWrite;
  }

  private track(kind: VersionedKind, { id, version }: { readonly id: string; readonly version: number }): Tracked {
    const present = this.tracked[kind].get(id);
    const tracked = present ?? { stored: version, latest: version, removed: false, write: undefined };
    if (!present) this.tracked[kind].set(id, tracked);
    if (!tracked.write) this.changed.push(tracked);
    return tracked;
  }
}

/** The one order in which writes are sent: parents before children, and locks always in the same order. For adapters. */
export function inSendingOrder(writes: readonly Write[]): readonly Write[] {
  if (writes.length < 2) return writes;
  const ranks: (Write[] | undefined)[] = [];
  for (const write of writes) (ranks[rankOf(write)] ??= []).push(write);
  const sorted: Write[] = [];
  for (const alike of ranks) {
    if (!alike) continue;
    if (alike.length > 1) alike.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
    for (const write of alike) sorted.push(write);
  }
  return sorted;
}

function copyOf(tracked: TrackedByKind): TrackedByKind {
  const copy = (entities: TrackedByKind[VersionedKind]) =>
    new Map(Array.from(entities, ([id, entity]) => [id, { ...entity }]));
  return { portfolio: copy(tracked.portfolio), order: copy(tracked.order), position: copy(tracked.position) };
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

import { PositionId, Quantity, Ticker, Price, type Portfolio } from '@blotter/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConcurrencyError } from '../errors.js';
import { anyDeposit, anySnapshot } from '../testing/contract/ledger-samples.js';
import {
  afterNoon,
  anyExecution,
  anyOrder,
  anyPortfolio,
  anyPosition,
  closingFill,
  NOON,
} from '../testing/contract/samples.js';
import { WriteSet, type Write } from './write-set.js';

const limited = (portfolio: Portfolio, maxOpenPositions: number) => portfolio.withLimits({ maxOpenPositions });

describe('WriteSet', () => {
  it('inserts what was never stored, and updates what was under the version it was read at', () => {
    const set = new WriteSet();
    const fresh = set.savePortfolio(anyPortfolio());
    const stored = set.savePortfolio(anyPortfolio().atVersion(5));
    expect([fresh.version, stored.version]).toEqual([1, 6]);
    expect(set.isEmpty).toBe(false);
    expect(set.take()).toEqual(
      expect.arrayContaining([
        { action: 'insert', kind: 'portfolio', entity: fresh, expected: 0 },
        { action: 'update', kind: 'portfolio', entity: stored, expected: 5 },
      ]),
    );
    expect(set.isEmpty).toBe(true);
    expect(set.take()).toEqual([]);
  });

  it('merges saves until they are taken: one write, of the last state, under the first version', () => {
    const set = new WriteSet();
    const once = set.savePortfolio(limited(anyPortfolio().atVersion(3), 1));
    const twice = set.savePortfolio(limited(once, 2));
    expect(set.take()).toEqual([{ action: 'update', kind: 'portfolio', entity: twice, expected: 3 }]);
    const thrice = set.savePortfolio(limited(twice, 3));
    expect(set.take()).toEqual([{ action: 'update', kind: 'portfolio', entity: thrice, expected: 5 }]);
  });

  it('inserts an entity in its last state when it was saved twice before it was ever stored', () => {
    const set = new WriteSet();
    const twice = set.savePortfolio(limited(set.savePortfolio(anyPortfolio()), 2));
    expect(set.take()).toMatchObject([{ action: 'insert', entity: { version: 2, limits: twice.limits } }]);
  });

  it('refuses a save that does not derive from the last, and forgets nothing by it', () => {
    const set = new WriteSet();
    const read = anyOrder(anyPortfolio()).atVersion(1);
    const saved = set.saveOrder(read.cancel(NOON));
    expect(() => set.saveOrder(read.expire(NOON))).toThrow(ConcurrencyError);
    expect(() => set.saveOrder(saved.atVersion(9))).toThrow(ConcurrencyError);
    expect(set.take()).toMatchObject([{ entity: saved }]);
    expect(() => set.saveOrder(read.expire(NOON))).toThrow(expect.objectContaining({ entity: 'order', id: read.id }));
  });

  it('removes under the stored version, and accepts nothing of the entity afterwards', () => {
    const set = new WriteSet();
    const read = anyOrder(anyPortfolio()).atVersion(4);
    const saved = set.saveOrder(read.cancel(NOON));
    set.remove({ kind: 'order', entity: saved });
    expect(set.take()).toMatchObject([{ action: 'delete', kind: 'order', expected: 4 }]);
    expect(() => set.saveOrder(saved)).toThrow(ConcurrencyError);
    expect(() => {
      set.remove({ kind: 'order', entity: saved });
    }).toThrow(ConcurrencyError);
  });

  it('sends nothing of what was saved for the first time and removed again', () => {
    const set = new WriteSet();
    set.remove({ kind: 'order', entity: set.saveOrder(anyOrder(anyPortfolio())) });
    expect(set.take()).toEqual([]);
  });

  it('tells entities of different kinds with one id apart', () => {
    const set = new WriteSet();
    const portfolio = anyPortfolio();
    const order = set.saveOrder(anyOrder(portfolio));
    set.savePosition(anyPosition(portfolio, { id: PositionId.of(order.id) }));
    expect(set.take()).toHaveLength(2);
  });

  it('keeps the newest of several marks of a symbol', () => {
    const set = new WriteSet();
    for (const micros of [2, 5, 1]) set.putMark(markAt(micros));
    expect(set.take()).toMatchObject([{ action: 'put', fact: { at: afterNoon(5) } }]);
  });

  it('goes back to the versions it remembers, and forgets what was registered since', () => {
    const set = new WriteSet();
    const before = set.savePortfolio(limited(anyPortfolio().atVersion(1), 1));
    set.take();
    const memory = set.remember();
    const undone = set.savePortfolio(limited(before, 2));
    set.add({ action: 'add', kind: 'cash movement', fact: anyDeposit(before) });
    set.putMark(markAt(1));
    set.restore(memory);
    expect(set.isEmpty).toBe(true);
    expect(() => set.savePortfolio(undone)).toThrow(ConcurrencyError);
    set.savePortfolio(limited(before, 3));
    expect(set.take()).toMatchObject([{ action: 'update', expected: 2, entity: { version: 3 } }]);
  });

  it('hands out writes in one order, however they were registered: parents before children, what gives up a key before what may take it', () => {
    const portfolio = anyPortfolio();
    const order = anyOrder(portfolio);
    const [gone, goneOrder] = [anyPortfolio().atVersion(1), anyOrder(portfolio).atVersion(1)];
    const closing = anyPosition(portfolio).atVersion(1).apply(closingFill);
    const registrations: ((set: WriteSet) => unknown)[] = [
      (set) => set.savePortfolio(portfolio),
      (set) => set.saveOrder(order),
      (set) => set.savePosition(closing),
      (set) => set.savePosition(anyPosition(portfolio, {}, { quantity: Quantity.of(3) })),
      add({ action: 'add', kind: 'execution', fact: anyExecution(order) }),
      add({ action: 'add', kind: 'cash movement', fact: anyDeposit(portfolio) }),
      add({ action: 'add', kind: 'snapshot', fact: anySnapshot(portfolio) }),
      (set) => {
        set.putMark(markAt(1));
      },
      (set) => {
        set.remove({ kind: 'position', entity: anyPosition(portfolio).atVersion(1) });
      },
      (set) => {
        set.remove({ kind: 'order', entity: goneOrder });
      },
      (set) => {
        set.remove({ kind: 'portfolio', entity: gone });
      },
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(registrations, { minLength: registrations.length }), (shuffled) => {
        const set = new WriteSet();
        for (const register of shuffled) register(set);
        expect(set.take().map(nameOf)).toEqual([
          'insert portfolio',
          'delete order',
          'insert order',
          'delete position',
          'update position',
          'insert position',
          'add execution',
          'add cash movement',
          'add snapshot',
          'put mark',
          'delete portfolio',
        ]);
      }),
    );
  });

  it('hands out writes of one kind by id, so that two units lock them in one order', () => {
    const orders = Array.from({ length: 12 }, () => anyOrder(anyPortfolio()));
    const set = new WriteSet();
    for (const order of orders) set.saveOrder(order);
    const ids = set.take().map((write) => ('entity' in write ? write.entity.id : ''));
    expect(ids).toEqual([...ids].sort());
  });

  it('hands out as many facts as were registered, also when they are more than a call takes arguments', () => {
    const set = new WriteSet();
    const [count, deposit] = [200_000, anyDeposit(anyPortfolio())];
    for (let fact = 0; fact < count; fact += 1) set.add({ action: 'add', kind: 'cash movement', fact: deposit });
    expect(set.take()).toHaveLength(count);
    expect(set.isEmpty).toBe(true);
  });

  it('says, taken at whatever moments, what a table does that is given every save at once', () => {
    const step = fc.record({ which: fc.nat(2), limit: fc.nat(9), take: fc.boolean(), undo: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }),
        (steps, versions) => {
          const set = new WriteSet();
          const latest = versions.map((version) => anyPortfolio().atVersion(version));
          const table = new Map(latest.filter(({ version }) => version > 0).map((each) => [each.id, each]));
          for (const { which, limit, take, undo } of steps) {
            const current = latest[which];
            if (!current) continue;
            if (undo) {
              send(set.take(), table);
              const memory = set.remember();
              set.savePortfolio(limited(current, limit));
              set.restore(memory);
            } else {
              latest[which] = set.savePortfolio(limited(current, limit));
            }
            if (take) send(set.take(), table);
          }
          send(set.take(), table);
          for (const expected of latest.filter(({ version }) => version > 0)) {
            expect(table.get(expected.id)).toEqual(expected);
          }
        },
      ),
    );
  });
});

/** What a database does with the writes: refuses what is not as expected. */
function send(writes: readonly Write[], table: Map<string, Portfolio>): void {
  for (const write of writes) {
    if (write.kind !== 'portfolio' || write.action === 'delete') throw new Error('Only portfolios are saved here.');
    const stored = table.get(write.entity.id);
    expect(stored?.version).toBe(write.action === 'insert' ? undefined : write.expected);
    table.set(write.entity.id, write.entity);
  }
}

function add(write: Parameters<WriteSet['add']>[0]): (set: WriteSet) => void {
  return (set) => {
    set.add(write);
  };
}

function nameOf(write: Write): string {
  return `${write.action} ${write.kind}`;
}

function markAt(micros: number) {
  return { symbol: Ticker.of('AAPL'), price: Price.of(micros), at: afterNoon(micros) };
}

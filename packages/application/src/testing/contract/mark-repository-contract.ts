import { Price, Ticker, type Mark } from '@blotter/domain';
import { expect } from 'vitest';
import { describeContract, type BookHarness, type ContractCase, type MakeHarness } from './contract-case.js';
import { expectError, readBothWays, transact } from './expectations.js';
import { afterNoon, LONGEST, NOON, randomId, randomTicker, SMALLEST } from './samples.js';

/** What every MarkRepository does. */
export function markRepositoryContract(makeHarness: MakeHarness, name = 'MarkRepository'): void {
  describeContract(name, markRepositoryCases(), makeHarness);
}

export function markRepositoryCases(): ContractCase[] {
  return [
    {
      name: 'gives back a mark exactly as it was put',
      async run(harness) {
        const marks = [LONGEST, SMALLEST, '0'].map((price) =>
          anyMark({ price: Price.of(price), at: afterNoon(123_456) }),
        );
        await put(harness, ...marks);
        await readBothWays(harness, async (reader) => {
          for (const mark of marks) expect(await reader.marks.find(mark.symbol)).toEqual(mark);
          expect(await reader.marks.find(randomTicker())).toBeUndefined();
        });
      },
    },
    {
      name: 'keeps the newest mark of a symbol, whatever the order of arrival, to the microsecond',
      async run(harness) {
        const symbol = randomTicker();
        const mark = (price: number, micros: number) =>
          anyMark({ symbol, price: Price.of(price), at: afterNoon(micros) });
        await put(harness, mark(100, 2));
        await put(harness, mark(90, 1));
        expect(await harness.read.marks.find(symbol)).toEqual(mark(100, 2));
        await put(harness, mark(110, 3));
        expect(await harness.read.marks.find(symbol)).toEqual(mark(110, 3));
      },
    },
    {
      name: 'keeps the newest of several marks that are put in one unit of work',
      async run(harness) {
        const symbol = randomTicker();
        const marks = [2, 5, 1, 4].map((micros) => anyMark({ symbol, price: Price.of(micros), at: afterNoon(micros) }));
        await put(harness, ...marks);
        expect((await harness.read.marks.find(symbol))?.price).toEqual(Price.of(5));
      },
    },
    {
      name: 'refuses a mark that is not what its type says, and the unit goes on without it',
      async run(harness) {
        const mark = anyMark();
        const forgeries: [keyof Mark, string][] = [
          ['symbol', 'INVALID_TICKER'],
          ['price', 'NOT_A_DECIMAL'],
          ['at', 'INVALID_TIMESTAMP'],
        ];
        await transact(harness, (unit) => {
          unit.marks.put(mark);
          for (const [field, code] of forgeries) {
            const forged = anyMark({ [field]: undefined });
            expect(() => {
              unit.marks.put(forged);
            }).toThrow(expect.objectContaining({ code }) as Error);
          }
        });
        expect(await harness.read.marks.find(mark.symbol)).toEqual(mark);
      },
    },
    {
      name: 'finds the marks there are of several symbols, each once, sorted by symbol',
      async run(harness) {
        const stem = randomId().slice(0, 8).toUpperCase();
        // A language's own sort would put the signs elsewhere.
        const symbols = ['-B', '.A', '/C', '0', ':D', '=E', 'AA', 'B', '^F', '_G'].map((end) => Ticker.of(stem + end));
        const marks = symbols.map((symbol) => anyMark({ symbol }));
        await put(harness, ...[...marks].reverse());
        const asked = [...symbols, randomTicker(), ...symbols].reverse();
        await readBothWays(harness, async (reader) => {
          expect(await reader.marks.findAll(asked)).toEqual(marks);
          expect(await reader.marks.findAll([])).toEqual([]);
        });
      },
    },
    {
      name: 'answers for 1,000 symbols at once, and refuses more',
      async run(harness) {
        const mark = anyMark();
        await put(harness, mark);
        const symbols = [mark.symbol, ...Array.from({ length: 999 }, randomTicker)];
        await readBothWays(harness, async (reader) => {
          expect(await reader.marks.findAll(symbols)).toEqual([mark]);
          await expectError(reader.marks.findAll([...symbols, randomTicker()]), 'INVALID_PAGE');
        });
      },
    },
  ];
}

function anyMark(changes: Partial<Mark> = {}): Mark {
  return { symbol: randomTicker(), price: Price.of('101.25'), at: NOON, ...changes };
}

function put(harness: BookHarness, ...marks: Mark[]): Promise<void> {
  return transact(harness, (unit) => {
    for (const mark of marks) unit.marks.put(mark);
  });
}

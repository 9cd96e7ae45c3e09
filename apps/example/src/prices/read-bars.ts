import { BlotterError, Price, Quantity, Timestamp } from '@blotter/domain';
import { CsvError, parse } from 'csv-parse/sync';
import type { DailyBar } from './daily-bar.js';
import { PriceFileError } from './price-file-error.js';

const COLUMNS = ['date', 'open', 'high', 'low', 'close', 'volume'] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

type Row = Readonly<Record<(typeof COLUMNS)[number], string>>;
interface NumberedRow {
  readonly record: Row;
  readonly info: { readonly lines: number };
}

/**
 * The bars of a price file, oldest first. Nothing is repaired: a file with one wrong line is refused.
 * @param file its name, for the error's message
 * @throws PriceFileError naming the file and the line
 */
export function readBars(text: string, file: string): readonly DailyBar[] {
  const bars: DailyBar[] = [];
  for (const { record, info } of rowsOf(text, file)) {
    const bar = readBar(record, file, info.lines);
    const previous = bars.at(-1);
    if (previous && bar.date <= previous.date) {
      throw new PriceFileError(
        file,
        info.lines,
        `the date does not come after ${previous.date}. Sort the file, one line a day.`,
      );
    }
    bars.push(bar);
  }
  if (bars.length === 0) throw new PriceFileError(file, undefined, 'there are no prices in it.');
  return bars;
}

function rowsOf(text: string, file: string): readonly NumberedRow[] {
  try {
    // With `columns` and `info`, csv-parse gives each row as { record, info }, the record keyed by the header's names.
    return parse<Row>(text, {
      bom: true,
      columns: (header: string[]) => checkedHeader(header, file),
      info: true,
    }) as unknown as NumberedRow[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : undefined;
    throw new PriceFileError(file, line, `not a line of ${COLUMNS.join(',')}. Correct it.`, { cause: error });
  }
}

function checkedHeader(header: readonly string[], file: string): string[] {
  if (header.join() !== COLUMNS.join()) throw new PriceFileError(file, 1, `the header must be ${COLUMNS.join(',')}.`);
  return [...COLUMNS];
}

function readBar(row: Row, file: string, line: number): DailyBar {
  const refuse = (problem: string, cause?: unknown) => new PriceFileError(file, line, problem, { cause });
  const read = <Value>(column: keyof Row, of: (text: string) => Value): Value => {
    try {
      return of(row[column]);
    } catch (error) {
      if (!(error instanceof BlotterError)) throw error;
      throw refuse(`${column} "${row[column]}" is wrong. ${error.message}`, error);
    }
  };
  const price = (text: string) => Price.positive(text);
  if (!DAY.test(row.date)) throw refuse(`date "${row.date}" is wrong. Write it as 2015-01-02.`);
  const bar: DailyBar = {
    date: read('date', (date) => Timestamp.of(date).slice(0, 10)),
    open: read('open', price),
    high: read('high', price),
    low: read('low', price),
    close: read('close', price),
    volume: read('volume', (text) => Quantity.of(text)),
  };
  if (bar.volume.isNegative) throw refuse('the volume is below zero.');
  const inside = (value: Price) => bar.low.compare(value) <= 0 && value.compare(bar.high) <= 0;
  if (!inside(bar.open) || !inside(bar.close)) throw refuse('open and close must lie between low and high.');
  return bar;
}

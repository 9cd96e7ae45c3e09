import { type MarkReader, type MarkRepository } from '@blotter/application';
import { checkedMark, Price, Ticker, ValidationError, type Mark } from '@blotter/domain';
import { asc, eq, lt, sql } from 'drizzle-orm';
import { arrayLiteral, arrayOf } from '../database/array-literal.js';
import { placeholdersOf } from '../database/columns.js';
import { momentFromRow } from '../database/rows.js';
import { statement, type StatementRunner } from '../database/statement.js';
import type { WriteRegister } from '../transactions/write-register.js';
import { marks } from './mark-table.js';

export type MarkRow = typeof marks.$inferSelect;

/** Symbols that one look-up may name. */
const MAX_SYMBOLS = 1_000;

export function markToRow(mark: Mark): MarkRow {
  return { symbol: mark.symbol, price: mark.price.toString(), at: mark.at };
}

export function markFromRow(row: MarkRow): Mark {
  return { symbol: Ticker.of(row.symbol), price: Price.of(row.price), at: momentFromRow(row.at) };
}

const selectMark = statement<MarkRow[]>('mark_by_symbol', (database) =>
  database
    .select()
    .from(marks)
    .where(eq(marks.symbol, sql.placeholder('symbol'))),
);

// An array literal, so that the statement is the same for any number of symbols.
const selectMarks = statement<MarkRow[]>('marks_by_symbols', (database) =>
  database
    .select()
    .from(marks)
    .where(sql`${marks.symbol} = any(${arrayOf('symbols', 'text')})`)
    .orderBy(asc(marks.symbol)),
);

/** The newest time wins, whatever the order of arrival. */
export const upsertMark = statement<unknown>('mark_upsert', (database) =>
  database
    .insert(marks)
    .values(placeholdersOf(marks))
    .onConflictDoUpdate({
      target: marks.symbol,
      set: { price: sql`excluded.price`, at: sql`excluded.at` },
      setWhere: lt(marks.at, sql`excluded.at`),
    }),
);

export class PostgresMarkReader implements MarkReader {
  constructor(protected readonly runner: StatementRunner) {}

  async find(symbol: Ticker): Promise<Mark | undefined> {
    const [row] = await this.runner.run(selectMark, { symbol });
    return row && markFromRow(row);
  }

  async findAll(symbols: readonly Ticker[]): Promise<readonly Mark[]> {
    if (symbols.length > MAX_SYMBOLS)
      throw new ValidationError('INVALID_PAGE', `A look-up names at most ${MAX_SYMBOLS} symbols.`);
    const rows = await this.runner.run(selectMarks, { symbols: arrayLiteral(symbols) });
    return rows.map(markFromRow);
  }
}

export class PostgresMarkRepository extends PostgresMarkReader implements MarkRepository {
  constructor(
    runner: StatementRunner,
    private readonly writes: WriteRegister,
  ) {
    super(runner);
  }

  put(mark: Mark): void {
    this.writes.register().putMark(checkedMark(mark));
  }
}

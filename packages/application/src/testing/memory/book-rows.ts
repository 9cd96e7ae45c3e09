import type { CashMovement, Execution, Mark, Order, Portfolio, PortfolioSnapshot, Position } from '@blotter/domain';

/** What each table of the book holds. */
export interface BookRows {
  readonly portfolio: Portfolio;
  readonly order: Order;
  readonly position: Position;
  readonly execution: Execution;
  readonly 'cash movement': CashMovement;
  readonly snapshot: PortfolioSnapshot;
  readonly mark: Mark;
}

export type RowKind = keyof BookRows;

/** A table for each kind; in a unit's changes `undefined` stands for a row that was removed. */
export type Tables<Absent = never> = { readonly [Kind in RowKind]: Map<string, BookRows[Kind] | Absent> };

export function emptyTables<Absent = never>(): Tables<Absent> {
  return {
    portfolio: new Map(),
    order: new Map(),
    position: new Map(),
    execution: new Map(),
    'cash movement': new Map(),
    snapshot: new Map(),
    mark: new Map(),
  };
}

/** The book as somebody sees it: what is committed, or that and a unit's own changes. */
export interface BookView {
  row<Kind extends RowKind>(kind: Kind, id: string): BookRows[Kind] | undefined;
  rows<Kind extends RowKind>(kind: Kind): BookRows[Kind][];
  /** The id of the row that has this unique key; see `uniqueKeysOf`. */
  idOfKey(key: string): string | undefined;
}

import { emptyTables, type BookRows, type RowKind, type Tables } from './book-rows.js';
import { uniqueKeysOf } from './unique-keys.js';

/** A row that was written, or `undefined` for one that was removed. */
export interface Change {
  readonly kind: RowKind;
  readonly id: string;
  readonly row: BookRows[RowKind] | undefined;
}

/** What a unit of work has written and nobody else sees yet. */
export class Changes {
  private readonly tables: Tables<undefined> = emptyTables<undefined>();
  /** Unique keys that were taken, with the row that took them; `undefined` for those that were given up. */
  readonly keys = new Map<string, string | undefined>();

  /** The changes of one kind, by id. */
  of<Kind extends RowKind>(kind: Kind): ReadonlyMap<string, BookRows[Kind] | undefined> {
    return this.tables[kind];
  }

  set<Kind extends RowKind>(
    kind: Kind,
    id: string,
    before: BookRows[Kind] | undefined,
    row: BookRows[Kind] | undefined,
  ): void {
    const table: Map<string, BookRows[Kind] | undefined> = this.tables[kind];
    table.set(id, row);
    for (const key of uniqueKeysOf(kind, before)) this.keys.set(key.text, undefined);
    for (const key of uniqueKeysOf(kind, row)) this.keys.set(key.text, id);
  }

  *entries(): Generator<Change> {
    for (const kind of Object.keys(this.tables) as RowKind[]) {
      for (const [id, row] of this.tables[kind]) yield { kind, id, row };
    }
  }

  copy(): Changes {
    const copy = new Changes();
    for (const { kind, id, row } of this.entries()) {
      // Kind and row come out together; the compiler cannot see that.
      (copy.tables[kind] as Map<string, BookRows[RowKind] | undefined>).set(id, row);
    }
    for (const [key, id] of this.keys) copy.keys.set(key, id);
    return copy;
  }
}

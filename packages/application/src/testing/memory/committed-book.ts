import { emptyTables, type BookRows, type BookView, type RowKind } from './book-rows.js';
import type { Changes } from './changes.js';

/** What is committed, and seen by everybody. */
export class CommittedBook implements BookView {
  private readonly tables = emptyTables();
  private readonly keys = new Map<string, string>();

  row<Kind extends RowKind>(kind: Kind, id: string): BookRows[Kind] | undefined {
    const table: ReadonlyMap<string, BookRows[Kind]> = this.tables[kind];
    return table.get(id);
  }

  rows<Kind extends RowKind>(kind: Kind): BookRows[Kind][] {
    const table: ReadonlyMap<string, BookRows[Kind]> = this.tables[kind];
    return [...table.values()];
  }

  idOfKey(key: string): string | undefined {
    return this.keys.get(key);
  }

  /** Makes a unit's changes everybody's, at once. */
  apply(changes: Changes): void {
    for (const { kind, id, row } of changes.entries()) {
      // Kind and row come in together; the compiler cannot see that.
      const table = this.tables[kind] as Map<string, BookRows[RowKind]>;
      if (row === undefined) table.delete(id);
      else table.set(id, row);
    }
    for (const [key, id] of changes.keys) {
      if (id === undefined) this.keys.delete(key);
      else this.keys.set(key, id);
    }
  }
}

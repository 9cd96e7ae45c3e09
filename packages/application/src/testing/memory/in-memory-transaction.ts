import { ConcurrencyError, DatabaseError, DuplicateError, TransactionNotActiveError } from '../../errors.js';
import type { TransactionOptions } from '../../transactions/unit-of-work.js';
import type { Write } from '../../transactions/write-set.js';
import type { BookRows, BookView, RowKind } from './book-rows.js';
import { Changes } from './changes.js';
import type { CommittedBook } from './committed-book.js';
import { checkNoChildren, checkParents } from './foreign-keys.js';
import type { LockTable } from './lock-table.js';
import { uniqueKeysOf } from './unique-keys.js';

/** Where a transaction was, for a savepoint. */
export interface TransactionMark {
  readonly changes: Changes;
  readonly held: ReadonlySet<string>;
}

/** SQLSTATE read_only_sql_transaction. */
const READ_ONLY = '25006';

/**
 * What the server does of a transaction: it sees its own writes and what others have committed, and holds the rows
 * and unique keys that it wrote or locked until it ends. Rows are entities themselves, which never change.
 */
export class InMemoryTransaction implements BookView {
  private changes = new Changes();
  private readonly held = new Set<string>();
  private isOver = false;

  constructor(
    private readonly committed: CommittedBook,
    private readonly locks: LockTable,
    private readonly options: TransactionOptions = {},
  ) {}

  row<Kind extends RowKind>(kind: Kind, id: string): BookRows[Kind] | undefined {
    const changed = this.changes.of(kind);
    return changed.has(id) ? changed.get(id) : this.committed.row(kind, id);
  }

  rows<Kind extends RowKind>(kind: Kind): BookRows[Kind][] {
    const changed = this.changes.of(kind);
    const untouched = this.committed.rows(kind).filter((row) => !changed.has(idOf(row)));
    return [...untouched, ...[...changed.values()].filter((row) => row !== undefined)];
  }

  idOfKey(key: string): string | undefined {
    return this.changes.keys.has(key) ? this.changes.keys.get(key) : this.committed.idOfKey(key);
  }

  /** The row, locked until the end, as the last holder left it. A row that is not there is not waited for. */
  async lockRow<Kind extends RowKind>(kind: Kind, id: string): Promise<BookRows[Kind] | undefined> {
    if (this.options.readOnly) throw new DatabaseError(READ_ONLY, { entity: kind, id });
    if (!this.row(kind, id)) return undefined;
    await this.lock(rowLock(kind, id));
    return this.row(kind, id);
  }

  async write(write: Write): Promise<void> {
    if (this.options.readOnly) throw new DatabaseError(READ_ONLY, { entity: write.kind, id: idOf(rowOf(write)) });
    switch (write.action) {
      case 'insert':
        return this.insert(write.kind, write.entity);
      case 'add':
        return this.insert(write.kind, write.fact);
      case 'put':
        return this.putMark(write.fact);
      case 'update':
        return this.update(write.kind, write.entity, write.expected);
      case 'delete':
        return this.delete(write.kind, write.entity.id, write.expected);
    }
  }

  /** Makes the changes everybody's. @throws IntegrityError when a row was removed meanwhile that a change refers to */
  commit(): void {
    // PostgreSQL holds share locks on the rows referred to; here they are looked at again, and nothing comes between.
    for (const { kind, id, row } of this.changes.entries()) {
      if (row === undefined) checkNoChildren(this, kind, id);
      else checkParents(this, kind, id, row);
    }
    this.committed.apply(this.changes);
    this.releaseAll();
  }

  undo(): void {
    this.isOver = true;
    this.changes = new Changes();
    this.releaseAll();
  }

  mark(): TransactionMark {
    return { changes: this.changes.copy(), held: new Set(this.held) };
  }

  /** Undoes what came after the mark, and lets go of what was locked since. */
  undoTo(mark: TransactionMark): void {
    this.changes = mark.changes;
    for (const name of this.held) if (!mark.held.has(name)) this.release(name);
  }

  protected checkVersion(kind: 'portfolio' | 'order' | 'position', id: string, expected: number): void {
    if (this.row(kind, id)?.version !== expected) throw new ConcurrencyError(kind, id);
  }

  private async insert<Kind extends RowKind>(kind: Kind, row: BookRows[Kind]): Promise<void> {
    const id = idOf(row);
    await this.lock(rowLock(kind, id));
    await this.takeKeys(kind, undefined, row);
    checkParents(this, kind, id, row);
    this.changes.set(kind, id, undefined, row);
  }

  private async update<Kind extends 'portfolio' | 'order' | 'position'>(
    kind: Kind,
    row: BookRows[Kind],
    expected: number,
  ): Promise<void> {
    await this.lock(rowLock(kind, row.id));
    this.checkVersion(kind, row.id, expected);
    const before = this.row(kind, row.id);
    await this.takeKeys(kind, before, row);
    checkParents(this, kind, row.id, row);
    this.changes.set(kind, row.id, before, row);
  }

  private async delete(kind: 'portfolio' | 'order' | 'position', id: string, expected: number): Promise<void> {
    await this.lock(rowLock(kind, id));
    this.checkVersion(kind, id, expected);
    checkNoChildren(this, kind, id);
    const before = this.row(kind, id);
    for (const key of uniqueKeysOf(kind, before)) await this.lock(key.text);
    this.changes.set(kind, id, before, undefined);
  }

  private async putMark(mark: BookRows['mark']): Promise<void> {
    await this.lock(rowLock('mark', mark.symbol));
    const before = this.row('mark', mark.symbol);
    if (!before || before.at < mark.at) this.changes.set('mark', mark.symbol, before, Object.freeze({ ...mark }));
  }

  /** Waits for whoever is about to take, or to give up, the same key; then looks who has it. */
  private async takeKeys<Kind extends RowKind>(
    kind: Kind,
    before: BookRows[Kind] | undefined,
    row: BookRows[Kind],
  ): Promise<void> {
    const [old, next] = [uniqueKeysOf(kind, before), uniqueKeysOf(kind, row)];
    const isIn = (keys: typeof old, text: string) => keys.some((key) => key.text === text);
    for (const { text } of old.filter((key) => !isIn(next, key.text))) await this.lock(text);
    for (const { of, text } of next.filter((key) => !isIn(old, key.text))) {
      await this.lock(text);
      if (this.idOfKey(text) !== undefined) {
        throw new DuplicateError(kind, of.key, { id: idOf(row), repeatable: of.repeatable });
      }
    }
  }

  private async lock(name: string): Promise<void> {
    if (await this.locks.acquire(name, this)) this.held.add(name);
    // A transaction that was ended while it waited must not keep what it is given after all.
    if (!this.isOver) return;
    this.releaseAll();
    throw new TransactionNotActiveError();
  }

  private release(name: string): void {
    this.held.delete(name);
    this.locks.release(name, this);
  }

  private releaseAll(): void {
    for (const name of this.held) this.release(name);
  }
}

function rowLock(kind: RowKind, id: string): string {
  return `${kind} ${id}`;
}

function rowOf(write: Write): BookRows[RowKind] {
  return 'entity' in write ? write.entity : write.fact;
}

function idOf(row: BookRows[RowKind]): string {
  return 'id' in row ? row.id : row.symbol;
}

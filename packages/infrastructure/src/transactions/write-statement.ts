import { toSnakeCase } from 'drizzle-orm/casing';
import { bulkRow, bulkTable, type BulkTable, type BulkWrite } from './bulk-table.js';

/** Writes that go out as one statement: its fixed text, and what goes with $1, $2 … */
export interface WriteStatement {
  /** As a statement's of the repositories: "order_insert". */
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** One write of the statement: `$n` are its own, and `text` is a term of `with`. */
interface Term {
  readonly name: string;
  readonly text: string;
  /** Inside the server: exactly one row had the id and the version. */
  readonly check: string | undefined;
}

/** By which kinds and actions occur; there are few such shapes, and each is prepared once for a session. */
const shapes = new Map<string, Pick<WriteStatement, 'name' | 'text'>>();

/**
 * Several writes as one statement, which costs a third of what they cost one by one: each write is a term, and a check fails inside the
 * server where a version is not as expected, since COMMIT may be behind it already. Locks are taken in the order of the
 * checks, which is that of the writes.
 * @param writes each of another kind or action; see {@link apart}
 */
export function writeStatement(writes: readonly BulkWrite[]): WriteStatement {
  const key = writes.map(termKey).join();
  let shape = shapes.get(key);
  if (!shape) shapes.set(key, (shape = shapeOf(writes)));
  return { ...shape, values: writes.flatMap(valuesOf) };
}

/**
 * In the same order, and so that in each list no kind and action occurs twice. A removal is alone: what it gives up must be free
 * before the next statement begins.
 */
export function apart(writes: readonly BulkWrite[]): BulkWrite[][] {
  const lists: BulkWrite[][] = [];
  let list: BulkWrite[] | undefined;
  for (const write of writes) {
    const isRemoval = write.action === 'delete';
    if (!list || isRemoval || list.some((other) => termKey(other) === termKey(write))) lists.push((list = []));
    list.push(write);
    if (isRemoval) list = undefined;
  }
  return lists;
}

function termKey({ kind, action }: BulkWrite): string {
  return `${kind.replace(' ', '_')}_${action === 'add' ? 'insert' : action}`;
}

function shapeOf(writes: readonly BulkWrite[]): Pick<WriteStatement, 'name' | 'text'> {
  let parameters = 0;
  const terms = writes.map((write) => {
    const term = termOf(write, bulkTable([write]), parameters, closes(writes));
    parameters += columnsOf(write).length;
    return term;
  });
  const [first, ...others] = terms;
  if (!first) throw new Error('There is nothing to write.');
  if (others.length === 0 && !first.check) return first;
  const checks = terms.flatMap(({ check }) => check ?? []);
  // A term may only name those before it, whatever their order is otherwise: an insert may wait for an update.
  const updatesFirst = [...terms.filter(({ check }) => check), ...terms.filter(({ check }) => !check)];
  return {
    name: others.length === 0 ? first.name : `${writes.map(({ kind }) => kind.replace(' ', '_')).join('_')}_write`,
    text: `with ${updatesFirst.map(({ name, text }) => `${name} as (${text})`).join(',\n')}\nselect ${checks.join(', ') || 'true'}`,
  };
}

/** A position that is closed gives up the key that one which is opened takes. */
function closes(writes: readonly BulkWrite[]): boolean {
  return writes.some(({ kind, action }) => kind === 'position' && action === 'update');
}

function termOf(write: BulkWrite, table: BulkTable, before: number, positionCloses: boolean): Term {
  const name = termKey(write);
  const at = (index: number) => `$${before + index + 1}`;
  const columns = columnsOf(write).map(toSnakeCase);
  if (write.action === 'insert' || write.action === 'add') {
    const into = `insert into ${table.name} (${columns.join(', ')})`;
    const values = columns.map((_, index) => at(index)).join(', ');
    // The count is of what has been done, so this waits for it.
    const isBehind = write.kind === 'position' && positionCloses;
    const text = isBehind ? `select ${values} where (select count(*) from position_update) >= 0` : `values (${values})`;
    return { name, text: `${into} ${text}`, check: undefined };
  }
  const [id, expected] = [at(0), at(1)];
  const changes = columns.slice(2).map((column, index) => `${column} = ${at(index + 2)}`);
  const where = `where id = ${id} and version = ${expected} returning id`;
  const change =
    write.action === 'update' ? `update ${table.name} set ${changes.join(', ')}` : `delete from ${table.name}`;
  return {
    name,
    text: `${change} ${where}`,
    check: `require_one('${table.kind}', ${id}, (select count(*) from ${name}))`,
  };
}

/** What the parameters of a write are: all columns of an insert; else the id, the version expected, and what changes. */
function columnsOf(write: BulkWrite): readonly string[] {
  const { columns, changes } = bulkTable([write]);
  if (write.action === 'insert' || write.action === 'add') return columns;
  return ['id', 'expected', ...(write.action === 'update' ? changes : [])];
}

function valuesOf(write: BulkWrite): unknown[] {
  const row = bulkRow(write);
  const expected = 'expected' in write ? write.expected : undefined;
  return columnsOf(write).map((column) => {
    const value = column === 'expected' ? expected : row[column];
    // Tags, and the marks of a snapshot.
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  });
}

import { toSnakeCase } from 'drizzle-orm/casing';
import { arrayParameter, arraysOf } from '../database/array-literal.js';
import type { PreparedWrite } from '../database/prepared-write.js';
import { bulkTable, KINDS, textsOf, updateColumns, type BulkTable, type BulkWrite } from './bulk-table.js';
import { subjectOf } from './write-subject.js';

/** Writes of one kind and action; several are inserts. */
export type AlikeWrites = readonly [BulkWrite, ...BulkWrite[]];

/** Writes that are alike, in the statement: `$n` are their own, and `text` is a term of `with`. */
interface Term {
  readonly name: string;
  readonly text: string;
  /** Inside the server: exactly one row had the id and the version. */
  readonly check: string | undefined;
}

/** A statement, whatever its values are. */
interface Shape {
  readonly name: string;
  readonly text: string;
  /** What the parameters of each group are. */
  readonly columns: readonly (readonly string[])[];
}

const ACTIONS = { insert: 0, update: 1, delete: 2, add: 3 } as const satisfies Record<BulkWrite['action'], number>;
const ACTION_COUNT = Object.keys(ACTIONS).length;

/** By which kinds and actions occur, and whether several are inserted; there are few such shapes, and each is prepared once for a session. */
const shapes = new Map<string, Shape>();

/**
 * Several writes as one statement, which costs a third of what they cost one by one. Each is a term: one row as values, which is
 * the fastest; several as arrays, so that the text is the same for any number. A check fails inside the server where a
 * version is not as expected, since COMMIT may be behind it already. Locks are taken in the order of the checks, which is
 * that of the writes.
 */
export function writeStatement(given: readonly AlikeWrites[]): PreparedWrite {
  const groups = given.length === 1 ? given : [...given].sort(byKindAndAction);
  let key = '';
  for (const group of groups) key += letterOf(group);
  let shape = shapes.get(key);
  if (!shape) shapes.set(key, (shape = shapeOf(groups)));
  const { name, text, columns } = shape;
  const [first = [], ...others] = groups.map((group, index) => valuesOf(group, columns[index] ?? []));
  // Not by `flatMap`, which takes as long as all else of this.
  const values = others.length === 0 ? first : first.concat(...others);
  return { name, text, values, subjectOf: (fault) => subjectOf(fault, given.flat()) };
}

/**
 * What can go out as one statement each, in the same order: no update twice of one kind, and a removal alone, for what it gives up
 * must be free before the next statement begins.
 */
export function statementsOf(writes: readonly BulkWrite[]): AlikeWrites[][] {
  const statements: [BulkWrite, ...BulkWrite[]][][] = [];
  let current: [BulkWrite, ...BulkWrite[]][] | undefined;
  for (const write of writes) {
    const isRemoval = write.action === 'delete';
    const alike = current?.find(([first]) => first.kind === write.kind && first.action === write.action);
    if (alike && isInsert(write)) {
      alike.push(write);
      continue;
    }
    if (!current || isRemoval || alike) statements.push((current = []));
    current.push([write]);
    if (isRemoval) current = undefined;
  }
  return statements;
}

/** Stands for a group in the key of its shape; a key of words would be put together and hashed anew for each statement. */
function letterOf(group: AlikeWrites): string {
  const [{ kind, action }] = group;
  const number = ACTION_COUNT * KINDS.indexOf(kind) + ACTIONS[action];
  return String.fromCharCode(2 * number + Number(group.length > 1));
}

/** The kinds in the order of the write set, and updates before inserts: which of them has the smaller id makes no other shape. */
function byKindAndAction([one]: AlikeWrites, [other]: AlikeWrites): number {
  return KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) || Number(isInsert(one)) - Number(isInsert(other));
}

function isInsert({ action }: BulkWrite): boolean {
  return action === 'insert' || action === 'add';
}

function nameOf([write]: AlikeWrites): string {
  return `${write.kind.replace(' ', '_')}_${write.action === 'add' ? 'insert' : write.action}`;
}

function shapeOf(groups: readonly AlikeWrites[]): Shape {
  const columns = groups.map(columnsOf);
  let parameters = 0;
  const terms = groups.map((group) => {
    const term = termOf(group, bulkTable(group), parameters, closes(groups));
    parameters += columnsOf(group).length;
    return term;
  });
  const [first, ...others] = terms;
  if (!first) throw new Error('There is nothing to write.');
  if (others.length === 0 && !first.check) return { name: first.name, text: first.text, columns };
  const checks = terms.flatMap(({ check }) => check ?? []);
  // A term may only name those before it, whatever their order is otherwise: an insert may wait for an update.
  const updatesFirst = [...terms.filter(({ check }) => check), ...terms.filter(({ check }) => !check)];
  return {
    name: others.length === 0 ? first.name : `${groups.map(([{ kind }]) => kind.replace(' ', '_')).join('_')}_write`,
    columns,
    text: `with ${updatesFirst.map(({ name, text }) => `${name} as (${text})`).join(',\n')}\nselect ${checks.join(', ') || 'true'}`,
  };
}

/** A position that is closed gives up the key that one which is opened takes: the one waits for the other. */
function closes(groups: readonly AlikeWrites[]): boolean {
  return groups.some(([{ kind, action }]) => kind === 'position' && action === 'update');
}

function termOf(group: AlikeWrites, table: BulkTable, before: number, positionCloses: boolean): Term {
  const [write] = group;
  const name = nameOf(group);
  const at = (index: number) => `$${before + index + 1}`;
  const columns = columnsOf(group).map(toSnakeCase);
  if (isInsert(write)) {
    const values = columns.map((_, index) => at(index)).join(', ');
    const arrays = table.types.map((type, index) => arrayParameter(at(index), type)).join(', ');
    const into = `insert into ${table.name} (${columns.join(', ')})`;
    const isBehind = write.kind === 'position' && positionCloses;
    if (group.length === 1 && !isBehind) return { name, text: `${into} values (${values})`, check: undefined };
    const rows = group.length > 1 ? `select * from unnest(${arrays})` : `select ${values}`;
    // The count is of what has been done, so this waits for it.
    const behind = isBehind ? ' where (select count(*) from position_update) >= 0' : '';
    return { name, text: `${into} ${rows}${behind}`, check: undefined };
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
function columnsOf(group: AlikeWrites): readonly string[] {
  const table = bulkTable(group);
  if (isInsert(group[0])) return table.columns;
  return group[0].action === 'update' ? updateColumns(table) : ['id', 'expected'];
}

function valuesOf(group: AlikeWrites, columns: readonly string[]): unknown[] {
  if (group.length === 1) return textsOf(group[0], columns);
  return arraysOf(
    group.map((write) => textsOf(write, columns)),
    columns,
  );
}

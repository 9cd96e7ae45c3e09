import { filtered, keyOf, mapped, type Snapshot, type Table } from './snapshot.js';

/** A rename that the forward SQL makes: the snapshots do not say which of the new names was which of the old. */
type Rename =
  | { readonly kind: 'TABLE' | 'TYPE' | 'VIEW'; readonly schema: string; readonly from: string; readonly to: string }
  | {
      readonly kind: 'COLUMN';
      readonly schema: string;
      readonly table: string;
      readonly from: string;
      readonly to: string;
    };

const NAME = '(?:"([^"]+)"\\.)?"([^"]+)"';
const OBJECT = new RegExp(`^ALTER (TABLE|TYPE|VIEW) ${NAME} RENAME TO "([^"]+)"`, 'i');
const COLUMN = new RegExp(`^ALTER TABLE ${NAME} RENAME COLUMN "([^"]+)" TO "([^"]+)"`, 'i');

/** In the order of the SQL: what stands in a later statement has the names that the earlier ones gave. */
function renamesOf(forward: readonly string[]): readonly Rename[] {
  return forward.flatMap((statement): Rename[] => {
    const [, schema = 'public', table = '', from = '', to = ''] = COLUMN.exec(statement.trim()) ?? [];
    if (from !== '') return [{ kind: 'COLUMN', schema, table, from, to }];
    const [, kind = '', place = 'public', old = '', name = ''] = OBJECT.exec(statement.trim()) ?? [];
    if (old === '') return [];
    return [{ kind: kind.toUpperCase() as 'TABLE' | 'TYPE' | 'VIEW', schema: place, from: old, to: name }];
  });
}

/** The SQL that takes a rename back. */
export function undoing(rename: Rename): string {
  const place = rename.schema === 'public' ? '' : `"${rename.schema}".`;
  return rename.kind === 'COLUMN'
    ? `ALTER TABLE ${place}"${rename.table}" RENAME COLUMN "${rename.to}" TO "${rename.from}";`
    : `ALTER ${rename.kind} ${place}"${rename.to}" RENAME TO "${rename.from}";`;
}

/**
 * The renames newest first, as they are taken back. Where something new has got the name that a rename is to give back, it is
 * first moved aside, to go with the rest of what is new.
 */
export function undoingsOf(present: Snapshot, forward: readonly string[]): readonly Rename[] {
  const undoings: Rename[] = [];
  for (const rename of [...renamesOf(forward)].reverse()) {
    if (hasName(undoings.reduce(undone, present), rename)) {
      undoings.push({ ...rename, from: `${rename.from}${ASIDE}`, to: rename.from });
    }
    undoings.push(rename);
  }
  return undoings;
}

/** At the end of the name of what was moved aside. */
const ASIDE = '__new';

/** What was moved aside, by the name that people know it by. */
export const withoutAside = (text: string) => text.replaceAll(ASIDE, '');

function hasName(snapshot: Snapshot, rename: Rename): boolean {
  const key = keyOf(rename.schema, rename.from);
  switch (rename.kind) {
    case 'TABLE':
      return snapshot.tables[key] !== undefined;
    case 'COLUMN':
      return snapshot.tables[keyOf(rename.schema, rename.table)]?.columns[rename.from] !== undefined;
    case 'TYPE':
      return snapshot.enums[key] !== undefined;
    case 'VIEW':
      return snapshot.views[key] !== undefined;
  }
}

/** The snapshot with the old name again. */
export function undone(snapshot: Snapshot, rename: Rename): Snapshot {
  switch (rename.kind) {
    case 'TABLE':
      return withTable(snapshot, rename);
    case 'COLUMN':
      return withColumn(snapshot, rename);
    case 'TYPE':
      return withType(snapshot, rename);
    case 'VIEW':
      return { ...snapshot, views: moved(snapshot.views, rename) };
  }
}

type Moving = Extract<Rename, { kind: 'TABLE' | 'TYPE' | 'VIEW' }>;

function moved<Value extends { name: string }>(record: Record<string, Value>, { schema, from, to }: Moving) {
  const [oldKey, newKey] = [keyOf(schema, from), keyOf(schema, to)];
  const found = record[newKey];
  if (!found) return record;
  return { ...filtered(record, (_, key) => key !== newKey), [oldKey]: { ...found, name: from } };
}

function withTable(snapshot: Snapshot, rename: Moving): Snapshot {
  const named = (name: string) => (name === rename.to ? rename.from : name);
  const tables = mapped(moved(snapshot.tables, rename), (table) => ({
    ...table,
    foreignKeys: mapped(table.foreignKeys, (key) => ({
      ...key,
      tableFrom: named(key.tableFrom),
      tableTo: named(key.tableTo),
    })),
  }));
  return { ...snapshot, tables };
}

function withColumn(snapshot: Snapshot, { schema, table, from, to }: Extract<Rename, { kind: 'COLUMN' }>): Snapshot {
  const key = keyOf(schema, table);
  const named = (name: string) => (name === to ? from : name);
  const changed = (found: Table): Table => ({
    ...found,
    columns: Object.fromEntries(
      Object.entries(found.columns).map(([name, column]) => [named(name), { ...column, name: named(column.name) }]),
    ),
    indexes: mapped(found.indexes, (index) => ({
      ...index,
      columns: index.columns.map((column) =>
        column.isExpression ? column : { ...column, expression: named(column.expression) },
      ),
    })),
    uniqueConstraints: mapped(found.uniqueConstraints, (unique) => ({ ...unique, columns: unique.columns.map(named) })),
    compositePrimaryKeys: mapped(found.compositePrimaryKeys, (primary) => ({
      ...primary,
      columns: primary.columns.map(named),
    })),
    foreignKeys: mapped(found.foreignKeys, (foreign) => ({ ...foreign, columnsFrom: foreign.columnsFrom.map(named) })),
  });
  const tables = mapped(snapshot.tables, (found, place) => {
    const own = place === key ? changed(found) : found;
    const foreignKeys = mapped(own.foreignKeys, (foreign) =>
      foreign.tableTo === table ? { ...foreign, columnsTo: foreign.columnsTo.map(named) } : foreign,
    );
    return { ...own, foreignKeys };
  });
  return { ...snapshot, tables };
}

function withType(snapshot: Snapshot, rename: Moving): Snapshot {
  const named = (type: string) =>
    type.replace(/\[.*$/, '') === rename.to ? type.replace(rename.to, rename.from) : type;
  const tables = mapped(snapshot.tables, (table) => ({
    ...table,
    columns: mapped(table.columns, (column) =>
      (column.typeSchema ?? '') === rename.schema ? { ...column, type: named(column.type) } : column,
    ),
  }));
  return { ...snapshot, enums: moved(snapshot.enums, rename), tables };
}

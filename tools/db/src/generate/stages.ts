import {
  filtered,
  isSame,
  keyOf,
  keyOfTable,
  mapped,
  type Column,
  type EnumType,
  type Snapshot,
  type Table,
} from './snapshot.js';

/**
 * The snapshots between the present schema and the one before, each step of which drizzle-kit writes without asking and
 * PostgreSQL takes. Where things go and come in one step, drizzle-kit asks on a terminal whether they were renamed; and it
 * changes a type while a default, a check, a view or a partial index still uses it.
 */
export function stagesBack(present: Snapshot, before: Snapshot): readonly Snapshot[] {
  const withoutTies = { ...present, views: remainingViews(present, before), tables: untied(present, before) };
  const withoutNew = onlyWhatWas(withoutTies, before);
  return [present, withoutTies, withoutNew];
}

/** Columns whose type is another one before, or whose enum has other values. */
export function retypedColumns(table: Table, present: Snapshot, before: Snapshot): readonly string[] {
  const old = before.tables[keyOfTable(table)];
  return Object.values(table.columns)
    .filter((column) => {
      const was = old?.columns[column.name];
      return was !== undefined && (was.type !== column.type || isOfChangedEnum(column, present, before));
    })
    .map(({ name }) => name);
}

/** The enums whose values are others before. */
export function changedEnums(present: Snapshot, before: Snapshot): readonly EnumType[] {
  return Object.entries(before.enums)
    .filter(([key, { values }]) => present.enums[key] !== undefined && !isSame(present.enums[key].values, values))
    .map(([, changed]) => changed);
}

/** An array of an enum has the type "name[]". */
export const isOfEnum = (column: Column, { schema, name }: { readonly schema: string; readonly name: string }) =>
  column.typeSchema === schema && column.type.replace(/\[.*$/, '') === name;

function isOfChangedEnum(column: Column, present: Snapshot, before: Snapshot): boolean {
  return changedEnums(present, before).some((changed) => isOfEnum(column, changed));
}

/** Tables without what would be in the way of dropping tables and columns and of changing types. */
function untied(present: Snapshot, before: Snapshot): Record<string, Table> {
  const retyped = new Map(
    Object.entries(present.tables).map(([key, table]) => [key, retypedColumns(table, present, before)]),
  );
  const stays = (schema: string | undefined, name: string) => before.tables[keyOf(schema, name)] !== undefined;
  return mapped(present.tables, (table, key) => {
    const columns = retyped.get(key) ?? [];
    const mentions = (text: string | undefined) => columns.some((name) => text?.includes(name));
    const old = before.tables[key];
    return {
      ...table,
      columns: mapped(table.columns, (column) =>
        columns.includes(column.name) && old ? withoutDefault(column) : column,
      ),
      checkConstraints: filtered(table.checkConstraints, ({ value }) => !mentions(value)),
      indexes: filtered(
        table.indexes,
        ({ where, columns: parts }) =>
          !mentions(where) && !parts.some(({ isExpression, expression }) => isExpression && mentions(expression)),
      ),
      foreignKeys: filtered(table.foreignKeys, (foreign, name) => {
        const target = retyped.get(keyOf(foreign.schemaTo, foreign.tableTo)) ?? [];
        return (
          isSame(old?.foreignKeys[name], foreign) &&
          stays(foreign.schemaTo, foreign.tableTo) &&
          !foreign.columnsFrom.some((column) => columns.includes(column)) &&
          !foreign.columnsTo.some((column) => target.includes(column))
        );
      }),
    };
  });
}

/** Views that are the same before, and look at no table that loses or changes a column. */
function remainingViews(present: Snapshot, before: Snapshot): Snapshot['views'] {
  const touched = Object.values(present.tables).filter((table) => {
    const old = before.tables[keyOfTable(table)];
    const goes = Object.keys(table.columns).some((name) => old?.columns[name] === undefined);
    return !old || goes || retypedColumns(table, present, before).length > 0;
  });
  return filtered(
    present.views,
    (view, key) =>
      isSame(before.views[key], view) && !touched.some(({ name }) => view.definition?.includes(`"${name}"`) ?? false),
  );
}

/** What is there now and was there before, as it is now. */
function onlyWhatWas(present: Snapshot, before: Snapshot): Snapshot {
  const tables = mapped(
    filtered(present.tables, (_, key) => before.tables[key] !== undefined),
    (table, key) => {
      const old = before.tables[key];
      return {
        ...table,
        columns: filtered(table.columns, (_, name) => old?.columns[name] !== undefined),
        indexes: filtered(table.indexes, (index, name) => isSame(old?.indexes[name], index)),
        uniqueConstraints: filtered(table.uniqueConstraints, (unique, name) =>
          isSame(old?.uniqueConstraints[name], unique),
        ),
        checkConstraints: filtered(table.checkConstraints, (check, name) => isSame(old?.checkConstraints[name], check)),
        compositePrimaryKeys: filtered(table.compositePrimaryKeys, (primary, name) =>
          isSame(old?.compositePrimaryKeys[name], primary),
        ),
        policies: filtered(table.policies, (_, name) => old?.policies[name] !== undefined),
      };
    },
  );
  return {
    ...present,
    tables,
    enums: filtered(present.enums, (_, key) => before.enums[key] !== undefined),
    sequences: filtered(present.sequences, (_, key) => before.sequences[key] !== undefined),
  };
}

/** drizzle-kit makes foreign keys before the unique constraints that they refer to; so they get a step of their own. */
export function withoutNewReferences(before: Snapshot, present: Snapshot): Snapshot {
  const tables = mapped(before.tables, (table, key) => ({
    ...table,
    foreignKeys: filtered(table.foreignKeys, (_, name) => present.tables[key]?.foreignKeys[name] !== undefined),
  }));
  return { ...before, tables };
}

function withoutDefault(column: Column): Column {
  return Object.fromEntries(Object.entries(column).filter(([key]) => key !== 'default')) as unknown as Column;
}

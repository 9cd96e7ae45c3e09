import { createRequire } from 'node:module';
import { lossesOf } from './losses.js';
import { refuseRenamedAndChangedViews, refuseSerial } from './not-generated.js';
import { undoing, undoingsOf, undone, withoutAside } from './renames.js';
import { isOfEnum, changedEnums, stagesBack, withoutNewReferences } from './stages.js';
import { keyOf, quoted, type EnumType, type Snapshot } from './snapshot.js';

// Its ES module of the API asks for CommonJS's require, which an ES module does not have.
const { generateMigration } = createRequire(import.meta.url)('drizzle-kit/api') as {
  readonly generateMigration: (from: Snapshot, to: Snapshot) => Promise<readonly string[]>;
};

/** The way back, as generated. */
export interface DownSql {
  readonly losses: readonly string[];
  readonly statements: readonly string[];
}

/**
 * The way back from a schema to the one before: drizzle-kit's own difference of the two, the other way round and in steps
 * that it takes without asking. Renames are read from the forward SQL, where drizzle-kit has written what it was told.
 */
export async function downSql(before: Snapshot, present: Snapshot, forward: readonly string[]): Promise<DownSql> {
  const renames = undoingsOf(present, forward);
  const renamed = renames.reduce(undone, present);
  const [, withoutTies = renamed, withoutNew = renamed] = stagesBack(renamed, before);
  refuseSerial(renamed, before);
  const views = renames.filter(({ kind }) => kind === 'VIEW').map(({ schema, from }) => keyOf(schema, from));
  refuseRenamedAndChangedViews(renamed, before, views);
  const enums = changedEnums(renamed, before);
  const recreated = { ...withoutNew, enums: { ...withoutNew.enums, ...pick(before.enums, enums) } };
  const unreferenced = withoutNewReferences(before, recreated);
  const statements = [
    ...renames.map(undoing),
    ...(await difference(renamed, withoutTies)),
    ...(await difference(withoutTies, withoutNew)),
    ...enums.flatMap((changed) => recreating(changed, recreated)),
    ...(await difference(recreated, unreferenced)),
    ...(await difference(unreferenced, before)),
  ];
  return { losses: lossesOf(renamed, before).map(withoutAside), statements };
}

const pick = (all: Snapshot['enums'], some: readonly EnumType[]) =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => some.includes(value)));

async function difference(from: Snapshot, to: Snapshot): Promise<readonly string[]> {
  const statements = await generateMigration(from, to);
  return statements.map((statement) => withCast(withoutCascade(statement.trim()), from));
}

/** CASCADE would take along what is not ours; without it, going back is refused where others depend on what goes. */
const withoutCascade = (statement: string) => statement.replace(/\s+cascade;?$/i, ';');

const TEXT = /^(text|varchar|char|character)/i;
const RETYPE = /^ALTER TABLE (?:"([^"]+)"\.)?"([^"]+)" ALTER COLUMN "([^"]+)" SET DATA TYPE ([^;]+?);?$/i;

/** From text to text without a cast: an explicit one would cut off silently what is too long, where PostgreSQL refuses it. */
function withCast(statement: string, from: Snapshot): string {
  const [, schema = 'public', table = '', column = '', type = ''] = RETYPE.exec(statement) ?? [];
  if (type === '' || / using /i.test(type)) return statement;
  const old = from.tables[`${schema}.${table}`]?.columns[column]?.type ?? '';
  if (TEXT.test(old) && TEXT.test(type)) return statement;
  return statement.replace(/;?$/, ` USING "${column}"::${type};`);
}

/** An enum with the values that it had. `alter type … add value` would not do: the same transaction may not use them. */
function recreating(changed: EnumType, snapshot: Snapshot): readonly string[] {
  const columns = Object.values(snapshot.tables).flatMap((table) =>
    Object.values(table.columns)
      .filter((column) => isOfEnum(column, changed))
      .map(({ name, type }) => ({ table: quoted(table), name, array: type.slice(changed.name.length) })),
  );
  const type = `"${changed.schema}"."${changed.name}"`;
  const labels = changed.values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ');
  const alter = (column: (typeof columns)[number]) =>
    `ALTER TABLE ${column.table} ALTER COLUMN "${column.name}" SET DATA TYPE`;
  return [
    ...columns.map((column) => `${alter(column)} text${column.array};`),
    `DROP TYPE ${type};`,
    `CREATE TYPE ${type} AS ENUM(${labels});`,
    ...columns.map(
      (column) => `${alter(column)} ${type}${column.array} USING "${column.name}"::${type}${column.array};`,
    ),
  ];
}

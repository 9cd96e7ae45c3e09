import { is, Param, Placeholder, type Query } from 'drizzle-orm';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { arrayParameter } from './array-literal.js';
import { rowDecoder, type SelectedFields, type Values } from './row-decoder.js';

/** drizzle without a connection: it builds the texts, and a session sends them. */
export type QueryBuilder = PostgresJsDatabase;

/** What goes into a placeholder. Decimals and moments as text; arrays as PostgreSQL's array literals. */
export type Parameters = Readonly<Record<string, string | number | boolean | null | Readonly<Record<string, string>>>>;

/** A fixed text, which each session prepares once. */
export interface Statement<Rows> {
  readonly name: string;
  readonly text: string;
  /** What goes with $1, $2 …. @throws Error when a placeholder has no value */
  valuesOf(parameters: Parameters): readonly unknown[];
  rowsOf(answer: readonly Values[]): Rows;
  /** Of a statement whose one parameter is the `id` of what it reads. */
  readonly byId?: ReadById<Rows>;
}

/** How the rows of many ids are read at once. */
export interface ReadById<Rows> {
  /** Reads those with the ids of the parameter `ids`, an array literal. */
  readonly many: Statement<Rows>;
  /** Of its rows, what each id would have been answered alone. */
  split(rows: Rows): (id: string) => Rows;
}

/** What drizzle builds: a text with its parameters, and for a select what is selected. */
interface BuiltQuery {
  toSQL(): Query;
  readonly _: object;
}

const builder: QueryBuilder = drizzle.mock({ casing: 'snake_case' });

/**
 * A statement that drizzle builds, once for the process and when it is first used: building one costs three to four times what
 * PostgreSQL needs to run it (point select: 5,100/s rebuilt each time, 21,500/s raw). What it reads is decoded here and not
 * by drizzle, whose own way costs as much again as the driver's.
 */
export function statement<Rows>(name: string, build: (builder: QueryBuilder) => BuiltQuery): Statement<Rows> {
  let known: CompiledQuery | undefined;
  const compiled = () => (known ??= compile(build(builder)));
  return {
    name,
    get text() {
      return compiled().text;
    },
    valuesOf: (parameters) => compiled().binders.map((bind) => bind(parameters)),
    // The rows are what the query selects: the two are written in one place.
    rowsOf: (answer) => decodeAll(answer, compiled().decode) as Rows,
  };
}

/** A statement whose one parameter is the `id` of the row that it reads, and how many of them are read at once. */
export function statementById<Row extends { readonly id: string }>(
  name: string,
  build: (builder: QueryBuilder) => BuiltQuery,
): Statement<Row[]> {
  const one = statement<Row[]>(name, build);
  let textOfMany: string | undefined;
  const many: Statement<Row[]> = {
    name: `${name}_gathered`,
    get text() {
      return (textOfMany ??= forMany(one.text));
    },
    valuesOf: ({ ids }) => [ids],
    rowsOf: (answer) => one.rowsOf(answer),
  };
  const split = (rows: Row[]) => {
    const byId = new Map(rows.map((row) => [row.id, row]));
    return (id: string) => {
      const row = byId.get(id);
      return row ? [row] : [];
    };
  };
  return Object.assign(one, { byId: { many, split } });
}

/**
 * What reads one row by its id, for each id of an array. `offset 0` keeps the planner from any other join: while a table is new and small
 * it would read all of it, and go on doing so when the table has grown.
 */
function forMany(one: string): string {
  const ofOne = one.replace('$1', 'given.id');
  return `select found.* from unnest(${arrayParameter('$1', 'uuid')}) as given (id), lateral (${ofOne} offset 0) as found`;
}

interface CompiledQuery {
  readonly text: string;
  readonly binders: readonly ((parameters: Parameters) => unknown)[];
  readonly decode: (values: Values) => unknown;
}

function compile(query: BuiltQuery): CompiledQuery {
  const { sql: text, params } = query.toSQL();
  // Only a select has any, whatever drizzle's types say of the others.
  const selection = query._ as { readonly selectedFields: SelectedFields } | undefined;
  return { text, binders: params.map(binderOf), decode: rowDecoder(selection?.selectedFields ?? {}) };
}

/** Not by `map`: the answer is the driver's own kind of array, for which that is slow (3 µs for one row). */
function decodeAll(answer: readonly Values[], decode: (values: Values) => unknown): unknown[] {
  const rows: unknown[] = [];
  for (const values of answer) rows.push(decode(values));
  return rows;
}

/** drizzle leaves in place of each parameter the placeholder, or that of a column, which knows how its values are sent. */
function binderOf(parameter: unknown): (parameters: Parameters) => unknown {
  if (is(parameter, Placeholder)) return valueOf(parameter.name);
  if (!is(parameter, Param) || !is(parameter.value, Placeholder)) return () => parameter;
  const { encoder, value } = parameter;
  const given = valueOf(value.name);
  return (parameters) => {
    const plain = given(parameters);
    return plain === null ? null : encoder.mapToDriverValue(plain);
  };
}

function valueOf(name: string): (parameters: Parameters) => unknown {
  return (parameters) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`No value for placeholder "${name}" was provided`);
    return value;
  };
}

/** Whatever runs statements: a unit of work, or the sessions that share the reads. */
export interface StatementRunner {
  run<Rows>(statement: Statement<Rows>, parameters: Parameters): Promise<Rows>;
}

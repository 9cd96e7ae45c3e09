import { isDeepStrictEqual } from 'node:util';

type Named<Value> = Record<string, Value>;

/** As much as we look at of a schema that drizzle-kit keeps beside each migration; its own type of it says nothing. */
export interface Snapshot {
  readonly tables: Named<Table>;
  readonly enums: Named<EnumType>;
  readonly views: Named<{ readonly name: string; readonly definition?: string | undefined }>;
  readonly sequences: Named<object>;
}

export interface EnumType {
  readonly schema: string;
  readonly name: string;
  readonly values: readonly string[];
}

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly typeSchema?: string | undefined;
  readonly default?: unknown;
  readonly generated?: unknown;
}

export interface Table {
  readonly name: string;
  readonly schema: string;
  readonly columns: Named<Column>;
  readonly indexes: Named<{
    readonly columns: readonly { readonly expression: string; readonly isExpression: boolean }[];
    readonly where?: string | undefined;
  }>;
  readonly foreignKeys: Named<{
    readonly tableFrom: string;
    readonly tableTo: string;
    readonly schemaTo?: string | undefined;
    readonly columnsFrom: readonly string[];
    readonly columnsTo: readonly string[];
  }>;
  readonly uniqueConstraints: Named<{ readonly columns: readonly string[] }>;
  readonly compositePrimaryKeys: Named<{ readonly columns: readonly string[] }>;
  readonly checkConstraints: Named<{ readonly value: string }>;
  readonly policies: Named<object>;
}

/** "public.orders" of what drizzle-kit writes as "orders", and in its statements sometimes as "public"."orders". */
export const keyOf = (schema: string | undefined, name: string) =>
  `${schema === undefined || schema === '' ? 'public' : schema}.${name}`;

export const keyOfTable = ({ schema, name }: Pick<Table, 'schema' | 'name'>) => keyOf(schema, name);

/** As SQL has it. */
export const quoted = ({ schema, name }: { readonly schema?: string | undefined; readonly name: string }) =>
  schema === undefined || schema === '' ? `"${name}"` : `"${schema}"."${name}"`;

/** The entries of a record that pass. */
export function filtered<Value>(
  record: Readonly<Record<string, Value>>,
  keep: (value: Value, key: string) => boolean,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([key, value]) => keep(value, key)));
}

/** The entries of a record, changed. */
export function mapped<Value>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value, key: string) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

/** Whether a snapshot says the same of both. */
export const isSame = isDeepStrictEqual;

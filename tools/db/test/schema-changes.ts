import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  numeric,
  pgEnum,
  pgTable,
  pgView,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
  varchar,
  type ExtraConfigColumn,
  type PgColumnBuilderBase,
  type PgTableExtraConfigValue,
} from 'drizzle-orm/pg-core';

type Schema = Readonly<Record<string, unknown>>;

/** A change of a schema as drizzle has it, whose way up and down is proven. */
export interface SchemaChange {
  readonly name: string;
  readonly before: Schema;
  readonly after: Schema;
  /** What drizzle-kit writes when it is told on a terminal that something was renamed, or what it should have written. */
  readonly forward?: readonly string[];
  /** Rows that are there before, and must be there again after the way down. */
  readonly rows?: string;
  /** What the down file says is lost, where it is easily forgotten. */
  readonly losses?: readonly string[];
}

/** A table of deals, with other columns or constraints. */
const deals = (
  columns: Readonly<Record<string, PgColumnBuilderBase>> = {},
  constraints: (
    table: Readonly<Record<'id' | 'size' | 'note', ExtraConfigColumn>>,
  ) => PgTableExtraConfigValue[] = () => [],
) => ({
  deals: pgTable(
    'deals',
    { id: uuid().primaryKey(), size: integer().notNull(), note: text(), ...columns },
    constraints,
  ),
});

const side = (...values: [string, ...string[]]) => pgEnum('side', values);
const direction = (...values: [string, ...string[]]) => pgEnum('direction', values);
const withSide = (type: ReturnType<typeof side>, more: (type: ReturnType<typeof side>) => Schema) => ({
  type,
  ...more(type),
});
const desks = pgTable('desks', { id: uuid().primaryKey(), name: text().notNull() });
/** The same of them is asked after the way down: what a way back keeps. */
const ROW = `insert into deals (id, size, note) values ('00000000-0000-0000-0000-000000000001', 5, 'kept')`;

/** An enum that a default, a check, a partial index and a foreign key use: everything that is in the way of its change. */
const tied = (type: ReturnType<typeof side>) => {
  const sides = pgTable('sides', { side: type().primaryKey() });
  const ties = pgTable(
    'ties',
    { id: uuid().primaryKey(), side: type().notNull().default('BUY'), other: type().array() },
    (table) => [
      index('ties_buy_idx')
        .on(table.id)
        .where(sql`side = 'BUY'`),
      check('ties_side_check', sql`side in ('BUY', 'SELL')`),
      foreignKey({ name: 'ties_side_fkey', columns: [table.side], foreignColumns: [sides.side] }),
    ],
  );
  return { sides, ties };
};

export const SCHEMA_CHANGES: readonly SchemaChange[] = [
  { name: 'add a table', before: deals(), after: { ...deals(), desks } },
  { name: 'drop a table', before: { ...deals(), desks }, after: deals() },
  { name: 'add and drop tables at once', before: { desks }, after: deals() },
  {
    name: 'rename a table',
    before: deals(),
    after: { trades: pgTable('trades', { id: uuid().primaryKey(), size: integer().notNull(), note: text() }) },
    forward: ['ALTER TABLE "deals" RENAME TO "trades";'],
    rows: ROW,
  },
  { name: 'add a column', before: deals(), after: deals({ venue: text() }), rows: ROW },
  {
    name: 'add a column that is not null and has a default',
    before: deals(),
    after: deals({ live: boolean().notNull().default(true) }),
    rows: ROW,
  },
  { name: 'drop a column', before: deals({ venue: text() }), after: deals(), rows: ROW },
  {
    name: 'drop a column with its index and check',
    before: deals({ fee: numeric() }, () => [check('fee_check', sql`fee > 0`), index('fee_idx').on(sql`fee`)]),
    after: deals(),
    rows: ROW,
  },
  {
    name: 'add and drop columns at once',
    before: deals({ venue: text() }),
    after: deals({ broker: text() }),
    rows: ROW,
  },
  {
    name: 'rename a column',
    before: deals({}, () => [check('size_check', sql`size > 0`)]),
    after: {
      deals: pgTable('deals', { id: uuid().primaryKey(), quantity: integer().notNull(), note: text() }, () => [
        check('size_check', sql`quantity > 0`),
      ]),
    },
    forward: [
      'ALTER TABLE "deals" RENAME COLUMN "size" TO "quantity";',
      'ALTER TABLE "deals" DROP CONSTRAINT "size_check";',
      'ALTER TABLE "deals" ADD CONSTRAINT "size_check" CHECK (quantity > 0);',
    ],
    rows: ROW,
  },
  {
    name: 'rename a table and one of its columns, and add another',
    before: deals({}, ({ size }) => [index('size_idx').on(size)]),
    after: {
      trades: pgTable(
        'trades',
        { id: uuid().primaryKey(), quantity: integer().notNull(), note: text(), venue: text() },
        (table) => [index('size_idx').on(table.quantity)],
      ),
    },
    forward: [
      'ALTER TABLE "deals" RENAME TO "trades";',
      'ALTER TABLE "trades" RENAME COLUMN "size" TO "quantity";',
      'ALTER TABLE "trades" ADD COLUMN "venue" text;',
    ],
    rows: ROW,
  },
  {
    name: 'rename a column, and give its name to a new one',
    before: deals({}, ({ size }) => [index('size_idx').on(size)]),
    after: {
      deals: pgTable(
        'deals',
        { id: uuid().primaryKey(), quantity: integer().notNull(), note: text(), size: text() },
        (table) => [index('size_idx').on(table.quantity), check('new_check', sql`size <> ''`)],
      ),
    },
    forward: [
      'ALTER TABLE "deals" RENAME COLUMN "size" TO "quantity";',
      'ALTER TABLE "deals" ADD COLUMN "size" text;',
      `ALTER TABLE "deals" ADD CONSTRAINT "new_check" CHECK (size <> '');`,
    ],
    rows: ROW,
    losses: ['the data of deals.size'],
  },
  {
    name: 'rename a table, and give its name to a new one, which another new one refers to',
    before: deals(),
    after: renamedAndReplaced(),
    forward: [
      'ALTER TABLE "deals" RENAME TO "trades";',
      'CREATE TABLE "deals" ("number" integer PRIMARY KEY NOT NULL);',
      'ALTER TABLE "trades" ADD COLUMN "deal" integer;',
      `ALTER TABLE "trades" ADD CONSTRAINT "trades_deal_deals_number_fk" FOREIGN KEY ("deal") REFERENCES "public"."deals"("number");`,
    ],
    rows: ROW,
    losses: ['the rows of deals', 'the data of deals.deal'],
  },
  {
    name: 'change integer to bigint',
    before: deals({ lots: integer() }),
    after: deals({ lots: bigint({ mode: 'bigint' }) }),
    rows: ROW,
  },
  {
    name: 'change the digits of a numeric',
    before: deals({ fee: numeric({ precision: 18, scale: 8 }) }),
    after: deals({ fee: numeric({ precision: 38, scale: 18 }) }),
    rows: ROW,
  },
  {
    name: 'change varchar to text, under a check and a partial index',
    before: deals({ tag: varchar({ length: 20 }) }, () => [
      check('tag_check', sql`tag <> ''`),
      index('tag_idx')
        .on(sql`id`)
        .where(sql`tag = 'a'`),
    ]),
    after: deals({ tag: text() }, () => [
      check('tag_check', sql`tag <> ''`),
      index('tag_idx')
        .on(sql`id`)
        .where(sql`tag = 'a'`),
    ]),
    rows: ROW,
  },
  { name: 'change integer to text', before: deals({ code: integer() }), after: deals({ code: text() }), rows: ROW },
  {
    name: 'change the precision of a time',
    before: deals({ at: timestamp({ withTimezone: true, precision: 3 }) }),
    after: deals({ at: timestamp({ withTimezone: true, precision: 6 }) }),
    rows: ROW,
  },
  { name: 'set a default', before: deals({ fee: integer() }), after: deals({ fee: integer().default(3) }), rows: ROW },
  { name: 'drop a default', before: deals({ fee: integer().default(3) }), after: deals({ fee: integer() }), rows: ROW },
  {
    name: 'change a default',
    before: deals({ fee: integer().default(3) }),
    after: deals({ fee: integer().default(4) }),
    rows: ROW,
  },
  { name: 'set not null', before: deals(), after: deals({ note: text().notNull() }), rows: ROW },
  { name: 'drop not null', before: deals({ note: text().notNull() }), after: deals(), rows: ROW },
  { name: 'add a check', before: deals(), after: deals({}, () => [check('size_check', sql`size > 0`)]), rows: ROW },
  {
    name: 'change a check',
    before: deals({}, () => [check('size_check', sql`size > 0`)]),
    after: deals({}, () => [check('size_check', sql`size > 1`)]),
    rows: ROW,
  },
  {
    name: 'add a foreign key and its table',
    before: deals({ desk: uuid() }),
    after: { desks, ...deals({ desk: uuid().references(() => desks.id) }) },
    rows: ROW,
  },
  {
    name: 'drop a foreign key',
    before: { desks, ...deals({ desk: uuid().references(() => desks.id, { onDelete: 'cascade' }) }) },
    after: { desks, ...deals({ desk: uuid() }) },
    rows: ROW,
  },
  {
    name: 'drop tables that refer to each other',
    before: { desks, ...deals({ desk: uuid().references(() => desks.id) }) },
    after: {},
  },
  {
    name: 'add a unique constraint',
    before: deals(),
    after: deals({}, ({ size, note }) => [unique('deals_key').on(size, note)]),
    rows: ROW,
  },
  {
    name: 'drop a unique constraint that a foreign key refers to',
    before: referring(),
    after: { ...deals(), desks },
    // drizzle-kit drops the constraint first, which PostgreSQL refuses.
    forward: [
      'ALTER TABLE "deals" DROP CONSTRAINT "deals_note_desks_name_fk";',
      'ALTER TABLE "desks" DROP CONSTRAINT "desks_name_key";',
    ],
  },
  { name: 'add an index', before: deals(), after: deals({}, ({ size }) => [index('size_idx').on(size)]), rows: ROW },
  {
    name: 'add a partial unique index',
    before: deals(),
    after: deals({}, ({ size }) => [
      uniqueIndex('size_key')
        .on(size)
        .where(sql`note is not null`),
    ]),
    rows: ROW,
  },
  {
    name: 'drop a partial index',
    before: deals({}, ({ size }) => [
      index('size_idx')
        .on(size)
        .where(sql`size > 7`),
    ]),
    after: deals(),
    rows: ROW,
  },
  {
    name: 'change the predicate of an index',
    before: deals({}, ({ size }) => [
      index('size_idx')
        .on(size)
        .where(sql`size > 7`),
    ]),
    after: deals({}, ({ size }) => [
      index('size_idx')
        .on(size)
        .where(sql`size > 8`),
    ]),
    rows: ROW,
  },
  {
    name: 'add an index over an expression',
    before: deals(),
    after: deals({}, () => [index('note_idx').on(sql`lower(note)`)]),
    rows: ROW,
  },
  {
    name: 'add an enum and a column of it',
    before: deals(),
    after: withSide(side('BUY', 'SELL'), (type) => deals({ side: type() })),
    rows: ROW,
  },
  {
    name: 'drop an enum',
    before: withSide(side('BUY', 'SELL'), (type) => deals({ side: type() })),
    after: deals(),
    rows: ROW,
  },
  {
    name: 'add an enum value at the end',
    before: withSide(side('BUY', 'SELL'), (type) => deals({ side: type() })),
    after: withSide(side('BUY', 'SELL', 'SHORT'), (type) => deals({ side: type() })),
    rows: ROW,
  },
  {
    name: 'add an enum value in the middle',
    before: withSide(side('BUY', 'SELL'), (type) => deals({ side: type() })),
    after: withSide(side('BUY', 'SHORT', 'SELL'), (type) => deals({ side: type() })),
    rows: ROW,
  },
  {
    name: 'add an enum value where a default, a check, a partial index and a foreign key use the type',
    before: withSide(side('BUY', 'SELL'), tied),
    after: withSide(side('BUY', 'SELL', 'SHORT'), tied),
  },
  {
    name: 'change text to an enum',
    before: withSide(side('BUY', 'SELL'), () => deals({ side: text() })),
    after: withSide(side('BUY', 'SELL'), (type) => deals({ side: type() })),
    rows: ROW,
  },
  {
    name: 'rename an enum',
    before: withSide(side('BUY', 'SELL'), (type) => deals({ side: type() })),
    after: withSide(direction('BUY', 'SELL'), (type) => deals({ side: type() })),
    forward: ['ALTER TYPE "public"."side" RENAME TO "direction";'],
    rows: ROW,
  },
  {
    name: 'add an identity column',
    before: deals(),
    after: deals({ number: integer().generatedAlwaysAsIdentity() }),
    rows: ROW,
  },
  {
    name: 'drop an identity',
    before: deals({ number: integer().generatedAlwaysAsIdentity() }),
    after: deals({ number: integer().notNull() }),
    rows: ROW,
  },
  {
    name: 'add a generated column',
    before: deals(),
    after: deals({ twice: integer().generatedAlwaysAs(sql`size * 2`) }),
    rows: ROW,
  },
  {
    name: 'drop a generated column',
    before: deals({ twice: integer().generatedAlwaysAs(sql`size * 2`) }),
    after: deals(),
    rows: ROW,
  },
  {
    name: 'make a plain column a generated one of the same name',
    before: deals({ twice: integer() }),
    after: deals({ twice: integer().generatedAlwaysAs(sql`size * 2`) }),
    rows: ROW,
    losses: ['the data of deals.twice, dropped on the way up'],
  },
  {
    name: 'make a generated column a plain one of the same name',
    before: deals({ twice: integer().generatedAlwaysAs(sql`size * 2`) }),
    after: deals({ twice: integer() }),
    rows: ROW,
    losses: ['the data of deals.twice'],
  },
  {
    name: 'make a composite primary key',
    before: { legs: pgTable('legs', { deal: uuid().notNull(), number: integer().notNull() }) },
    after: {
      legs: pgTable('legs', { deal: uuid().notNull(), number: integer().notNull() }, (table) => [
        primaryKey({ name: 'legs_pkey', columns: [table.deal, table.number] }),
      ]),
    },
  },
  { name: 'add a view', before: deals(), after: { ...deals(), big: view('size > 5') }, rows: ROW },
  { name: 'drop a view', before: { ...deals(), big: view('size > 5') }, after: deals(), rows: ROW },
  {
    name: 'change a view',
    before: { ...deals(), big: view('size > 5') },
    after: { ...deals(), big: view('size > 6') },
    rows: ROW,
  },
  {
    name: 'add a column beside a view of its table',
    before: { ...deals(), big: view('size > 5') },
    after: { ...deals({ venue: text() }), big: view('size > 5') },
    rows: ROW,
  },
  {
    name: 'change a type under a view',
    before: { ...deals(), big: view('size > 5') },
    after: { ...deals({ size: bigint({ mode: 'bigint' }).notNull() }), big: view('size > 5') },
    // drizzle-kit leaves the view where it is, and PostgreSQL refuses.
    forward: [
      'DROP VIEW "big_deals";',
      'ALTER TABLE "deals" ALTER COLUMN "size" SET DATA TYPE bigint;',
      'CREATE VIEW "big_deals" AS (select "id", "size" from "deals" where size > 5);',
    ],
    rows: ROW,
  },
];

function view(condition: string) {
  return pgView('big_deals', { id: uuid(), size: integer() }).as(
    sql.raw(`select "id", "size" from "deals" where ${condition}`),
  );
}

function renamedAndReplaced(): Schema {
  const replaced = pgTable('deals', { number: integer().primaryKey() });
  const columns = { id: uuid().primaryKey(), size: integer().notNull(), note: text() };
  return { replaced, trades: pgTable('trades', { ...columns, deal: integer().references(() => replaced.number) }) };
}

function referring(): Schema {
  const named = pgTable('desks', { id: uuid().primaryKey(), name: text().notNull() }, (table) => [
    unique('desks_name_key').on(table.name),
  ]);
  return { desks: named, ...deals({ note: text().references(() => named.name) }) };
}

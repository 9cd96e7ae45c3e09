import { describe, expect, test } from 'vitest';
import { downSql } from './down-sql.js';
import { textOf } from './generate.js';
import type { Snapshot, Table } from './snapshot.js';

const column = (name: string, type = 'text', more: object = {}) => ({
  [name]: { name, type, primaryKey: false, notNull: false, ...more },
});

const table = (name: string, columns: Table['columns'], more: Partial<Table> = {}): Snapshot['tables'] => ({
  [`public.${name}`]: {
    name,
    schema: '',
    columns,
    indexes: {},
    foreignKeys: {},
    compositePrimaryKeys: {},
    uniqueConstraints: {},
    policies: {},
    checkConstraints: {},
    isRLSEnabled: false,
    ...more,
  } as Table,
});

const schema = (tables: Snapshot['tables'], enums: Snapshot['enums'] = {}): Snapshot => ({
  ...{ id: 'a', prevId: 'b', version: '7', dialect: 'postgresql', schemas: {}, roles: {}, policies: {} },
  ...{ tables, enums, sequences: {}, views: {}, _meta: { schemas: {}, tables: {}, columns: {} } },
});

const side = (...values: string[]) => ({ 'public.side': { schema: 'public', name: 'side', values } });

describe('the way back', () => {
  test('names what it loses, and what was lost on the way up', async () => {
    const before = schema(table('deals', { ...column('id'), ...column('venue') }));
    const present = schema({
      ...table('deals', { ...column('id'), ...column('broker') }),
      ...table('desks', column('id')),
    });
    const { losses, statements } = await downSql(before, present, []);
    expect(losses).toEqual([
      'the data of deals.broker',
      'the rows of desks',
      'the data of deals.venue, dropped on the way up',
    ]);
    expect(statements).toEqual([
      'DROP TABLE "desks";',
      'ALTER TABLE "deals" DROP COLUMN "broker";',
      'ALTER TABLE "deals" ADD COLUMN "venue" text;',
    ]);
  });

  test('takes renames back as renames, in reverse, and nothing is lost', async () => {
    const before = schema(table('deals', { ...column('id'), ...column('size') }));
    const present = schema(table('trades', { ...column('id'), ...column('quantity') }));
    const forward = [
      'ALTER TABLE "deals" RENAME TO "trades";',
      '\nALTER TABLE "trades" RENAME COLUMN "size" TO "quantity";',
    ];
    expect(await downSql(before, present, forward)).toEqual({
      losses: [],
      statements: [
        'ALTER TABLE "trades" RENAME COLUMN "quantity" TO "size";',
        'ALTER TABLE "trades" RENAME TO "deals";',
      ],
    });
  });

  test('never takes along what depends on a table, with CASCADE', async () => {
    const { statements } = await downSql(schema({}), schema(table('deals', column('id'))), []);
    expect(statements).toEqual(['DROP TABLE "deals";']);
  });

  test('makes an enum anew, with what uses it out of the way', async () => {
    const columns = column('side', 'side', { typeSchema: 'public', default: "'BUY'" });
    const index = {
      deals_idx: {
        ...{
          name: 'deals_idx',
          isUnique: false,
          concurrently: false,
          method: 'btree',
          with: {},
          where: "side = 'BUY'",
        },
        columns: [{ expression: 'side', isExpression: false, asc: true, nulls: 'last' }],
      },
    };
    const deals = table('deals', columns, { indexes: index });
    const { losses, statements } = await downSql(schema(deals, side('BUY')), schema(deals, side('BUY', 'SELL')), []);
    expect(losses).toEqual([
      'the value SELL of side; refused as long as a row has it',
      'the privileges granted on the type side, which is made anew',
    ]);
    expect(statements).toEqual([
      'DROP INDEX "deals_idx";',
      'ALTER TABLE "deals" ALTER COLUMN "side" DROP DEFAULT;',
      'ALTER TABLE "deals" ALTER COLUMN "side" SET DATA TYPE text;',
      'DROP TYPE "public"."side";',
      `CREATE TYPE "public"."side" AS ENUM('BUY');`,
      'ALTER TABLE "deals" ALTER COLUMN "side" SET DATA TYPE "public"."side" USING "side"::"public"."side";',
      `ALTER TABLE "deals" ALTER COLUMN "side" SET DEFAULT 'BUY';`,
      `CREATE INDEX "deals_idx" ON "deals" USING btree ("side") WHERE side = 'BUY';`,
    ]);
  });

  test('casts where PostgreSQL would not by itself, and not where a cast would cut off text', async () => {
    const deals = (id: string, note: string) =>
      schema(table('deals', { ...column('id', id), ...column('note', note) }));
    const { losses, statements } = await downSql(deals('integer', 'varchar(5)'), deals('text', 'text'), []);
    expect(losses).toEqual(['what of deals.id does not fit integer', 'what of deals.note does not fit varchar(5)']);
    expect(statements).toEqual([
      'ALTER TABLE "deals" ALTER COLUMN "id" SET DATA TYPE integer USING "id"::integer;',
      'ALTER TABLE "deals" ALTER COLUMN "note" SET DATA TYPE varchar(5);',
    ]);
  });

  test.each([
    ['serial', 'integer'],
    ['integer', 'bigserial'],
  ])('is refused from %s to %s, which drizzle-kit cannot write', async (old, now) => {
    const deals = (type: string) => schema(table('deals', column('number', type)));
    await expect(downSql(deals(old), deals(now), [])).rejects.toThrow(
      `deals.number changes from ${old} to ${now}, for which drizzle-kit's SQL does not work`,
    );
  });

  test('is refused for a view that is renamed and changed at once, which drizzle-kit cannot write either', async () => {
    const view = (name: string, definition: string) => ({
      ...schema({}),
      views: { [`public.${name}`]: { name, schema: 'public', definition } },
    });
    const forward = ['ALTER VIEW "public"."big" RENAME TO "large";'];
    await expect(downSql(view('big', 'select 1'), view('large', 'select 2'), forward)).rejects.toThrow(
      'The view public.big is renamed and changed at once',
    );
  });

  test('is written with its losses at the head and a breakpoint between its statements', () => {
    expect(textOf({ losses: ['the rows of a'], statements: ['DROP TABLE "a";', 'DROP TYPE "b";'] })).toBe(
      '-- blotter: loss the rows of a\nDROP TABLE "a";\n--> statement-breakpoint\nDROP TYPE "b";\n',
    );
  });
});

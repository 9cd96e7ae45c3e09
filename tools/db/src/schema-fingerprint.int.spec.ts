import { Database, DatabaseConfig } from '@blotter/infrastructure';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createScratchDatabase, type ScratchDatabase } from '../test/scratch-database.js';
import { schemaFingerprint } from './schema-fingerprint.js';

const BASE = [
  `create type side as enum ('BUY', 'SELL')`,
  'create domain price as numeric',
  'create table deals (id integer primary key, size integer, note text, price price, constraint size_check check (size > 0))',
  'create unique index deals_key on deals (id, size)',
  'create view big_deals as select id from deals where size > 5',
  'create function twice(integer) returns integer language sql as $$ select $1 * 2 $$',
  'create function touch() returns trigger language plpgsql as $$ begin return new; end $$',
  'create trigger touch before update on deals for each row execute function touch()',
  'create sequence numbers',
  'create table days (day date) partition by range (day)',
  'create table first_days (day date)',
];

/** Each must be seen; a role that every server has stands for whoever owns or is granted something. */
const CHANGES = [
  'alter schema public owner to pg_monitor',
  'grant usage on schema public to pg_read_all_data',
  'alter default privileges in schema public grant select on tables to pg_monitor',
  'alter table deals add column venue text',
  'alter table deals alter column note set default 1',
  'alter table deals alter column note set not null',
  'alter table deals alter column note set storage external',
  'alter table deals alter column note set compression pglz',
  'alter table deals alter column note set statistics 7',
  'alter table deals alter column note set (n_distinct = 3)',
  'grant select (note) on deals to pg_monitor',
  'alter table deals owner to pg_monitor',
  'alter table deals set (fillfactor = 50)',
  'alter table deals set unlogged',
  'alter table deals enable row level security',
  'alter table deals replica identity full',
  'alter table deals cluster on deals_key',
  'grant select on deals to pg_read_all_data',
  'create policy mine on deals using (size > 5)',
  'create rule keep as on delete to deals do instead nothing',
  'create statistics sizes on size, note from deals',
  'alter statistics sizes set statistics 5',
  'alter table deals disable trigger touch',
  'alter table deals drop constraint size_check, add constraint size_check check (size > 0) not valid',
  'alter table days attach partition first_days for values from (minvalue) to (maxvalue)',
  'alter view big_deals set (security_barrier)',
  'alter sequence numbers increment by 2',
  'alter function twice(integer) owner to pg_monitor',
  'alter function twice(integer) stable',
  'grant execute on function twice(integer) to pg_read_all_data',
  `alter type side add value 'SHORT'`,
  'alter type side owner to pg_monitor',
  'grant usage on type side to pg_read_all_data',
  'alter domain price set default 1',
  'alter domain price set not null',
  'alter domain price add constraint price_check check (value > 0) not valid',
  'alter domain price validate constraint price_check',
  `create collation plain (locale = 'C')`,
  ...[
    ...[
      'table deals',
      'column deals.note',
      'index deals_key',
      'constraint size_check on deals',
      'trigger touch on deals',
    ],
    ...['view big_deals', 'function twice(integer)', 'type side', 'domain price'],
  ].map((what) => `comment on ${what} is 'seen'`),
];

let scratch: ScratchDatabase;
let database: Database;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  database = await Database.connect(DatabaseConfig.fromUrl(scratch.url, { minPoolSize: 0 }));
  for (const statement of BASE) await database.query(statement);
});
afterAll(async () => {
  await database.close();
  await scratch[Symbol.asyncDispose]();
});

// On top of each other, so that none is hidden by an earlier one.
test.each(CHANGES)('the fingerprint sees: %s', async (change) => {
  const before = await schemaFingerprint(database);
  await database.query(change);
  expect(await schemaFingerprint(database)).not.toEqual(before);
});

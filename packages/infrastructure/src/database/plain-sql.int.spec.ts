import { ConfigurationError } from '@blotter/application';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { TEXT_VALUES } from '../../test/text-values.js';
import { Database } from './database.js';

let storage: TestDatabase;
let database: Database;

beforeAll(async () => {
  storage = await createTestDatabase();
  database = await Database.connect(storage.configWith({ minPoolSize: 1, maxPoolSize: 1 }));
  await database.query('create table notes (note text)');
});
afterAll(async () => {
  await database.close();
  await storage.drop();
});
beforeEach(() => database.query('truncate notes'));

const notes = async () => (await database.query<{ note: string }>('select note from notes')).map(({ note }) => note);

const REFUSED = [
  'begin',
  'START TRANSACTION',
  'commit',
  'end',
  'rollback',
  'abort',
  'savepoint here',
  'release here',
  "prepare transaction 'p'",
  '  /* of whom? */ -- of nobody\n commit',
  '; commit',
  '/* a comment /* in a comment */ */ commit',
  "set timezone = 'Asia/Tokyo'",
  'set session characteristics as transaction read only',
  'reset all',
  'discard all',
  'listen news',
];

describe('plain SQL of the caller', () => {
  test.each(REFUSED)('query() refuses "%s", and the session is as it was', async (text) => {
    await expect(database.query(text)).rejects.toBeInstanceOf(ConfigurationError);
    await database.query('insert into notes values ($1)', ['kept']);
    expect(await notes()).toEqual(['kept']);
  });

  test.each(REFUSED)('sql() refuses "%s", and nothing of the unit is written', async (text) => {
    const unit = database.begin();
    await unit.sql('insert into notes values ($1)', ['lost']);
    await expect(unit.sql(text)).rejects.toBeInstanceOf(ConfigurationError);
    await unit[Symbol.asyncDispose]();
    expect(await notes()).toEqual([]);
  });

  it('is one statement a call: what would hide a COMMIT behind another is refused by the server', async () => {
    const two = `insert into notes values ('a'); commit`;
    await expect(database.query(two)).rejects.toMatchObject({ code: 'DATABASE_ERROR', sqlState: '42601' });
    const unit = database.begin();
    await expect(unit.sql(two)).rejects.toMatchObject({ code: 'DATABASE_ERROR', sqlState: '42601' });
    await unit[Symbol.asyncDispose]();
    expect(await notes()).toEqual([]);
  });

  it('may set what lasts no longer than its transaction', async () => {
    await using unit = database.begin();
    await unit.sql('set local statement_timeout = 1234');
    expect(await unit.sql('show statement_timeout')).toEqual([{ statement_timeout: '1234ms' }]);
    await unit.rollback();
    expect(await database.query('show statement_timeout')).not.toEqual([{ statement_timeout: '1234ms' }]);
  });

  test.each(TEXT_VALUES)(
    'takes the text of a $type for what PostgreSQL reads in it, the first time and again: $text',
    async ({ type, text, written = text }) => {
      const asked = () => database.query<{ back: string }>(`select $1::${type}::text as back`, [text]);
      expect(await asked()).toEqual([{ back: written }]);
      expect(await asked()).toEqual([{ back: written }]);
    },
  );

  test.each([[1], [true], [12n], [new Date(0)], [['a']], [{}], [Buffer.from([255])]])(
    'refuses %s as a value: what is no text would be stored as another',
    async (value) => {
      const values = [value] as unknown as string[];
      await expect(database.query('select $1', values)).rejects.toBeInstanceOf(ConfigurationError);
      expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
    },
  );

  it('takes null for no value, and refuses half a surrogate pair, which would be stored as another character', async () => {
    await database.query('insert into notes values ($1)', [null]);
    expect(await notes()).toEqual([null]);
    await expect(database.query('insert into notes values ($1)', ['a\ud800b'])).rejects.toBeInstanceOf(
      ConfigurationError,
    );
    expect(await notes()).toEqual([null]);
  });
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import { everythingSaidBy } from '../../test/everything-said-by.js';
import { MigrationStage } from '../../test/migration-stage.js';

let stage: MigrationStage;

beforeEach(async () => {
  stage = await MigrationStage.open();
  await stage.write(
    '0001_desks',
    `create table desks (id int primary key, name text not null, head int constraint desks_head_fkey references desks deferrable);
insert into desks values (1, 'equities');`,
  );
  await stage.migrator().up();
});
afterEach(() => stage[Symbol.asyncDispose]());

test.each<[string, string, string]>([
  [
    'a table that is not there, in the third statement of a part',
    `select 1;\n\nselect 2;\nselect id\n  from desk;`,
    'at line 5: SQLSTATE 42P01',
  ],
  [
    'a misspelt column, behind a part, a schema and letters of four bytes',
    `select '🦓', null::"public".desks;\n--> statement-breakpoint\n-- 🦓🦓🦓\nselect '🦓',\n  nme\nfrom "public".desks;`,
    'at line 5: SQLSTATE 42703',
  ],
  [
    'a misspelt word in a function',
    `create function one() returns int language plpgsql as $$\nbegin\n  retrn 1;\nend\n$$;`,
    'at line 3: SQLSTATE 42601',
  ],
  ['what the server gives no place of', `select 1;\nselect 1 / 0;`, 'in the statement at line 1: SQLSTATE 22012'],
  [
    'a column that must have a value',
    `insert into desks values (2, null);`,
    'in the statement at line 1: SQLSTATE 23502, table desks, column name',
  ],
  [
    'a key that is there already',
    `insert into desks values (1, 'secret');`,
    'in the statement at line 1: SQLSTATE 23505, table desks, constraint desks_pkey',
  ],
  [
    'a reference that is looked at last',
    `set constraints all deferred;\ninsert into desks values (2, 'secret', 9);`,
    'when it was committed: SQLSTATE 23503, table desks, constraint desks_head_fkey',
  ],
])('%s: the failure says where and of what, and has no value', async (_, up, where) => {
  await stage.write('0002_wrong', up);
  const failure: unknown = await stage
    .migrator()
    .up()
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining(`0002 failed ${where}. `) as string,
  });
  expect(everythingSaidBy(failure)).not.toMatch(/secret/);
  expect(await stage.query('select id from desks')).toEqual([{ id: 1 }]);
});

test('the history keeps what was behind a failure, to the last', async () => {
  await stage.write('0002_twice', `insert into desks values (1, 'secret');`);
  await expect(stage.migrator().up()).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
  expect((await stage.history()).at(-1)).toBe(
    'failure 0002: MIGRATION_FAILED, DUPLICATE, SQLSTATE 23505, table desks, constraint desks_pkey',
  );
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Executioner, GATE, GATE_IN_BLOCK } from '../../test/executioner.js';
import { MigrationStage } from '../../test/migration-stage.js';

let stage: MigrationStage;
let executioner: Executioner;

beforeEach(async () => {
  stage = await MigrationStage.open();
  executioner = await Executioner.of(stage);
  await stage.write(
    '0001_rows',
    'create table rows (id int, fills int not null default 0); insert into rows select generate_series(1, 6);',
  );
  await stage.migrator().up();
});
afterEach(async () => {
  await executioner[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

const HEADER = '-- blotter: no-transaction\n';

/** Two rows at a time; behind each commit it waits at the gate. A row that is filled twice shows it. */
const inBatches = (from: number, by: number) => `begin
  loop
    update rows set fills = fills + ${by} where id in (select id from rows where fills = ${from} order by id limit 2);
    exit when not found;
    commit;
    ${GATE_IN_BLOCK}
  end loop;
end`;
const UP = inBatches(0, 1);
const DOWN = `${HEADER}do $$ ${inBatches(1, -1)} $$;`;
const PROCEDURE = `create or replace procedure fill() language plpgsql as $$ ${UP} $$;\n--> statement-breakpoint\n`;

const INDEX = `${HEADER}create index concurrently if not exists rows_idx on rows (id);`;
const DROP = `${HEADER}drop index concurrently if exists rows_idx;`;

const fills = async () =>
  (await stage.query<{ fills: number }>('select fills from rows order by id')).map((row) => row.fills);
const state = async () => (await stage.migrator().status()).at(-1)?.state;
const problems = async () => (await stage.migrator().verify()).map(({ code }) => code);
const index = () =>
  stage.query(`select indisvalid as valid from pg_index join pg_class on oid = indexrelid where relname like 'rows%'`);

/** What every command says while a file is unfinished. */
async function expectRefusal(way: 'up' | 'down'): Promise<void> {
  const refused = {
    code: 'MIGRATION_UNFINISHED',
    version: '0002',
    message: expect.stringContaining(`its way ${way} was begun and did not end. Run repair`) as string,
  };
  await expect(stage.migrator().up()).rejects.toMatchObject(refused);
  await expect(stage.migrator().redo()).rejects.toMatchObject(refused);
  if (way === 'down') await expect(stage.migrator().down()).rejects.toMatchObject(refused);
}

describe('a runner that is killed (SIGKILL) outside a transaction, in the middle', () => {
  test.each([
    ['a block', `${HEADER}do $$ ${UP} $$;`],
    ['a procedure', `${HEADER}${PROCEDURE}call fill();`],
  ])('of a backfill in batches by %s: what is filled stays, and repair fills the rest, once', async (_, up) => {
    await stage.write('0002_fill', up, DOWN);
    await executioner.killAtGate('up');
    expect(await fills()).toEqual([1, 1, 0, 0, 0, 0]);
    await expectRefusal('up');
    await executioner.killAtGate('repair');
    expect(await fills()).toEqual([1, 1, 1, 1, 0, 0]);
    await expectRefusal('up');
    expect((await stage.migrator().repair()).finished).toEqual([{ version: '0002', name: 'fill' }]);
    expect(await fills()).toEqual([1, 1, 1, 1, 1, 1]);
    expect([await state(), ...(await problems())]).toEqual(['applied']);
    expect((await stage.history()).slice(1)).toEqual(['up 0002', 'repair 0002']);
  });

  test('of going back in batches: repair goes back the rest, once', async () => {
    await stage.write('0002_fill', `${HEADER}do $$ ${UP} $$;`, DOWN);
    await stage.migrator().up();
    await executioner.killAtGate('down');
    expect(await fills()).toEqual([0, 0, 1, 1, 1, 1]);
    await expectRefusal('down');
    await executioner.killAtGate('repair');
    expect(await fills()).toEqual([0, 0, 0, 0, 1, 1]);
    await expectRefusal('down');
    expect((await stage.migrator().repair()).finished).toEqual([{ version: '0002', name: 'fill' }]);
    expect(await fills()).toEqual([0, 0, 0, 0, 0, 0]);
    expect([await state(), ...(await problems())]).toEqual(['pending']);
    expect((await stage.history()).slice(1)).toEqual(['up 0002', 'down 0002', 'repair 0002']);
  });

  test('of going back from what was not finished: repair goes back the rest', async () => {
    await stage.write('0002_fill', `${HEADER}do $$ ${UP} $$;`, DOWN);
    await executioner.killAtGate('up');
    await executioner.killAtGate('down');
    expect(await fills()).toEqual([0, 0, 0, 0, 0, 0]);
    await expectRefusal('down');
    expect((await stage.migrator().repair()).finished).toEqual([{ version: '0002', name: 'fill' }]);
    expect([await state(), ...(await problems())]).toEqual(['pending']);
    expect((await stage.migrator().up()).current).toBe('0002');
  });

  test('of several statements: those before stay, and repair does them all', async () => {
    const statements = ['create table if not exists half ();', GATE, 'create table if not exists whole ();'];
    await stage.write('0002_more', HEADER + statements.join('\n--> statement-breakpoint\n'));
    await executioner.killAtGate('up');
    expect(await stage.tables()).toEqual(['half', 'rows']);
    await expectRefusal('up');
    await stage.migrator().repair();
    expect(await stage.tables()).toEqual(['half', 'rows', 'whole']);
  });

  test('of the drop of an index: repair drops it, and does not say that it was built', async () => {
    await stage.write('0002_index', INDEX, DROP);
    await stage.migrator().up();
    await executioner.killBehind('insert into rows values (7)', 'down');
    expect(await problems()).toEqual(['MIGRATION_UNFINISHED', 'INDEX_INVALID']);
    await expectRefusal('down');
    await executioner.killBehind('insert into rows values (7)', 'repair');
    expect(await stage.migrator().repair()).toEqual({
      finished: [{ version: '0002', name: 'index' }],
      rebuilt: [],
      removed: ['rows_idx'],
      accepted: [],
    });
    expect(await index()).toEqual([]);
    expect([await state(), ...(await problems())]).toEqual(['pending']);
  });

  test('of the build of an index on the way back: repair builds it', async () => {
    await stage.write('0002_no_index', DROP, INDEX);
    await stage.migrator().up();
    await executioner.killBehind('insert into rows values (7)', 'down');
    expect(await problems()).toEqual(['MIGRATION_UNFINISHED', 'INDEX_INVALID']);
    await expectRefusal('down');
    expect(await stage.migrator().repair()).toMatchObject({ rebuilt: ['rows_idx'], removed: [] });
    expect(await index()).toEqual([{ valid: true }]);
    expect([await state(), ...(await problems())]).toEqual(['pending']);
  });

  test('of a repair that builds an index again: the next one builds it, and takes away what was left over', async () => {
    await stage.write('0002_index', INDEX, DROP);
    await executioner.killBehind('insert into rows values (7)', 'up');
    await executioner.killBehind('insert into rows values (7)', 'repair');
    expect(await problems()).toEqual(['MIGRATION_UNFINISHED', 'INDEX_INVALID', 'INDEX_INVALID']);
    expect(await stage.migrator().repair()).toMatchObject({
      finished: [{ version: '0002', name: 'index' }],
      rebuilt: ['rows_idx'],
      removed: ['rows_idx_ccnew'],
    });
    expect(await index()).toEqual([{ valid: true }]);
    expect([await state(), ...(await problems())]).toEqual(['applied']);
  });
});

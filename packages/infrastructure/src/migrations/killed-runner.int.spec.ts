import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Executioner, GATE } from '../../test/executioner.js';
import { MigrationStage } from '../../test/migration-stage.js';

let stage: MigrationStage;
let executioner: Executioner;

beforeEach(async () => {
  stage = await MigrationStage.open();
  executioner = await Executioner.of(stage);
  await stage.write('0001_rows', 'create table rows (id int); insert into rows values (1);', 'drop table rows;');
  await stage.migrator().up();
});
afterEach(async () => {
  await executioner[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

describe('a runner that is killed (SIGKILL) in the middle', () => {
  test('of a change of tables: nothing of it is there, and the next run does it', async () => {
    await stage.write(
      '0002_more',
      `create table half ();\n--> statement-breakpoint\n${GATE}\n--> statement-breakpoint\ncreate table whole ();`,
    );
    await executioner.killAtGate('up');
    expect(await stage.tables()).toEqual(['rows']);
    expect((await stage.migrator().up()).current).toBe('0002');
    expect(await stage.tables()).toEqual(['half', 'rows', 'whole']);
  });

  test('of a change of data: it is made once', async () => {
    await stage.write('0002_data', `update rows set id = id + 1;\n--> statement-breakpoint\n${GATE}`);
    await executioner.killAtGate('up');
    expect((await stage.migrator().up()).current).toBe('0002');
    expect(await stage.query('select id from rows')).toEqual([{ id: 2 }]);
  });

  test('of going back: everything is still there, and the next run goes back', async () => {
    await stage.write('0002_more', 'create table more ();', `drop table more;\n--> statement-breakpoint\n${GATE}`);
    await stage.migrator().up();
    await executioner.killAtGate('down');
    expect(await stage.tables()).toEqual(['more', 'rows']);
    expect((await stage.migrator().down()).current).toBe('0001');
    expect(await stage.tables()).toEqual(['rows']);
  });

  test('of a concurrent index: the next run says to repair, and repair builds it', async () => {
    await stage.write(
      '0002_index',
      '-- blotter: no-transaction\ncreate index concurrently if not exists rows_idx on rows (id);',
    );
    await executioner.killBehind('insert into rows values (2)', 'up');
    expect((await stage.migrator().verify()).map(({ code }) => code)).toEqual([
      'MIGRATION_UNFINISHED',
      'INDEX_INVALID',
    ]);
    await expect(stage.migrator().up()).rejects.toMatchObject({
      code: 'MIGRATION_UNFINISHED',
      version: '0002',
      message: expect.stringContaining('Run repair') as string,
    });
    expect(await stage.migrator().repair()).toMatchObject({
      finished: [{ version: '0002', name: 'index' }],
      rebuilt: ['rows_idx'],
    });
    expect(await stage.migrator().verify()).toEqual([]);
    expect((await stage.migrator().up()).applied).toEqual([]);
  });
});

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Database, DatabaseConfig, Migrator } from '@blotter/infrastructure';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { atTerminal } from '../../test/at-terminal.js';
import { createScratchDatabase } from '../../test/scratch-database.js';
import { schemaFingerprint } from '../schema-fingerprint.js';
import { generate } from './generate.js';

/** Not tracked, and inside the workspace, so that the schema finds drizzle-orm. */
const SCRATCH = fileURLToPath(new URL('../../out-tsc/', import.meta.url));

const RUNNER = fileURLToPath(new URL('../../test/generate-runner.ts', import.meta.url));

let home: string;

beforeEach(async () => {
  await mkdir(SCRATCH, { recursive: true });
  home = await mkdtemp(join(SCRATCH, 'generate-'));
  await mkdir(join(home, 'migrations'));
  await writeFile(
    join(home, 'drizzle.config.ts'),
    `export default { dialect: 'postgresql', schema: './schema.ts', out: './migrations' };`,
  );
});
afterEach(() => rm(home, { recursive: true }));

const describeDeals = (columns: string) =>
  writeFile(
    join(home, 'schema.ts'),
    `import { integer, pgTable, text } from 'drizzle-orm/pg-core';
     export const deals = pgTable('deals', { id: integer().primaryKey(), ${columns} });`,
  );
const written = (name: string) => readFile(join(home, 'migrations', name), 'utf8');

test('drizzle-kit’s way up has its way back beside it, from the first migration on; nothing is written for no change', async () => {
  await describeDeals('');
  expect(await generate('deals', false, home)).toEqual(['0000_deals.sql', '0000_deals.down.sql']);
  expect(await written('0000_deals.down.sql')).toBe('-- blotter: loss the rows of deals\nDROP TABLE "deals";\n');

  await describeDeals('note: text()');
  expect(await generate('note', false, home)).toEqual(['0001_note.sql', '0001_note.down.sql']);
  expect(await written('0001_note.sql')).toBe('ALTER TABLE "deals" ADD COLUMN "note" text;');
  expect(await written('0001_note.down.sql')).toBe(
    '-- blotter: loss the data of deals.note\nALTER TABLE "deals" DROP COLUMN "note";\n',
  );

  expect(await generate('nothing', false, home)).toEqual([]);
  expect(await generate('by_hand', true, home)).toEqual(['0002_by_hand.sql', '0002_by_hand.down.sql']);
  expect(await written('0002_by_hand.down.sql')).toContain('The way back of 0002_by_hand.sql');
});

const describeRenamed = (side: string, table: string, column: string, view: string) =>
  writeFile(
    join(home, 'schema.ts'),
    `import { sql } from 'drizzle-orm';
     import { integer, pgEnum, pgTable, pgView } from 'drizzle-orm/pg-core';
     export const side = pgEnum('${side}', ['BUY', 'SELL']);
     export const deals = pgTable('${table}', { id: integer().primaryKey(), ${column}: integer(), side: side() });
     export const one = pgView('${view}', { one: integer() }).as(sql\`select 1 as one\`);`,
  );

/** To the second line of a question about a rename, and there yes. */
const renamed = (shown: string) => {
  const [, line] = /renamed from another \w+\?\n(?:❯| ) \+.*\n(❯| ) ~.*rename \w+$/.exec(shown) ?? [];
  return line === undefined ? undefined : line === '❯' ? '\r' : DOWN;
};
const DOWN = '\x1b[B';

// `script` of other systems takes other parameters.
test.runIf(process.platform === 'linux')(
  'what drizzle-kit is told on the terminal to be a rename is one on the way back too, and keeps its rows',
  async ({ signal }) => {
    await describeRenamed('side', 'deals', 'size', 'one');
    await generate('deals', false, home);
    await describeRenamed('direction', 'trades', 'quantity', 'single');
    const program = [process.execPath, '--conditions=@blotter/source', '--import', 'tsx', RUNNER, 'renamed', home];
    const { code, shown } = await atTerminal(program, renamed, { signal });
    expect(code, shown).toBe(0);
    expect((await written('0001_renamed.sql')).split('--> statement-breakpoint\n')).toEqual([
      'ALTER TYPE "public"."side" RENAME TO "direction";',
      'ALTER VIEW "public"."one" RENAME TO "single";',
      'ALTER TABLE "deals" RENAME TO "trades";',
      'ALTER TABLE "trades" RENAME COLUMN "size" TO "quantity";',
    ]);

    expect((await written('0001_renamed.down.sql')).trimEnd().split('\n--> statement-breakpoint\n')).toEqual([
      'ALTER TABLE "trades" RENAME COLUMN "quantity" TO "size";',
      'ALTER TABLE "trades" RENAME TO "deals";',
      'ALTER VIEW "single" RENAME TO "one";',
      'ALTER TYPE "direction" RENAME TO "side";',
    ]);

    await using scratch = await createScratchDatabase();
    const config = DatabaseConfig.fromUrl(scratch.url, { minPoolSize: 0 });
    const migrator = new Migrator(config, { folder: join(home, 'migrations') });
    await migrator.up({ to: '0000' });
    await using database = await Database.connect(config);
    await database.query(`insert into deals values (1, 5, 'BUY')`);
    const before = await schemaFingerprint(database);
    await migrator.up();
    expect(await database.query('select * from trades')).toEqual([{ id: 1, quantity: 5, side: 'BUY' }]);
    await migrator.down();
    expect(await schemaFingerprint(database)).toEqual(before);
    expect(await database.query('select * from deals')).toEqual([{ id: 1, size: 5, side: 'BUY' }]);
  },
);

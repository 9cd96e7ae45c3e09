import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generate } from './generate.js';

/** Not tracked, and inside the workspace, so that the schema finds drizzle-orm. */
const SCRATCH = fileURLToPath(new URL('../../out-tsc/', import.meta.url));

let home: string;

beforeAll(async () => {
  await mkdir(SCRATCH, { recursive: true });
  home = await mkdtemp(join(SCRATCH, 'generate-'));
  await mkdir(join(home, 'migrations'));
  await writeFile(
    join(home, 'drizzle.config.ts'),
    `export default { dialect: 'postgresql', schema: './schema.ts', out: './migrations' };`,
  );
});
afterAll(() => rm(home, { recursive: true }));

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

import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openTestBook } from '../../test/test-book.js';
import { Trader } from '../../test/trader.js';
import { proveBook } from '../proof/prove-book.js';
import { MIGRATIONS_FOLDER } from './migration-files.js';
import { Migrator } from './migrator.js';

const TRADERS = 4;
const ROUNDS = 3;
const TABLES = ['portfolios', 'orders', 'positions', 'executions'];

/** Changes every table that a fill writes: its columns, their types and defaults, and its indexes. */
const UP = TABLES.map(
  (table) =>
    `alter table ${table} add column venue_note text not null default '', alter column currency type varchar(20);`,
).join('\n');
const DOWN = TABLES.map(
  (table) => `alter table ${table} drop column venue_note, alter column currency type text;`,
).join('\n');
const INDEX =
  '-- blotter: no-transaction\ncreate index concurrently if not exists executions_note_idx on executions (venue_note);';
const NO_INDEX = '-- blotter: no-transaction\ndrop index concurrently if exists executions_note_idx;';

test(`fills every few milliseconds while migrations go up and down ${ROUNDS} times: none fails, and the book is proven`, async () => {
  const book = await openTestBook();
  const folder = await mkdtemp(join(tmpdir(), 'blotter-migrations-'));
  try {
    await cp(MIGRATIONS_FOLDER, folder, { recursive: true });
    await writeFile(join(folder, '9001_venue_note.sql'), UP);
    await writeFile(join(folder, '9001_venue_note.down.sql'), DOWN);
    await writeFile(join(folder, '9002_index.sql'), INDEX);
    await writeFile(join(folder, '9002_index.down.sql'), NO_INDEX);
    const migrator = new Migrator(book.storage.configWith({ migrationLockTimeoutMs: 100 }), { folder });

    let isOver = false;
    const failures: unknown[] = [];
    let fills = 0;
    const trading = Array.from({ length: TRADERS }, async () => {
      const trader = await Trader.open(book);
      while (!isOver) {
        for (const side of ['BUY', 'SELL'] as const) {
          try {
            await trader.trade({ side });
            fills += 1;
          } catch (error) {
            failures.push(error);
          }
        }
        await sleep(2);
      }
    });
    const filledBy: number[] = [];
    const current = (await migrator.status()).filter(({ state }) => state === 'applied').at(-1)?.version ?? '';
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const move of [() => migrator.up(), () => migrator.down({ to: current })]) {
        await move();
        const before = fills;
        while (fills < before + 10 && failures.length === 0) await sleep(5);
        filledBy.push(fills);
      }
    }
    isOver = true;
    await Promise.all(trading);
    expect(failures).toEqual([]);
    expect(filledBy.at(-1)).toBeGreaterThan(ROUNDS * 20);
    expect(await proveBook(book.database)).toMatchObject({ difference: '0', mismatches: [] });
  } finally {
    await book.drop();
    await rm(folder, { recursive: true });
  }
});

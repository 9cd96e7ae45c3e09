import { describe, expect, test } from 'vitest';
import { parseScript } from './migration-script.js';
import { isConcurrent } from './sql-skeleton.js';

const malformed = expect.objectContaining({ code: 'MIGRATION_MALFORMED', version: '0001' }) as Error;

describe('a file that runs in a transaction', () => {
  test.each([
    ['commit', 'create table a (); commit; select 1 / 0;'],
    ['rollback', 'create table a ();\n--> statement-breakpoint\n-- back\nROLLBACK'],
    ['begin', '/* a */ begin; select 1;'],
    ['start transaction', 'start  transaction read only'],
    ['end', 'select 1; end'],
    ['abort', 'abort'],
    ['prepare transaction', "prepare transaction 'x'"],
    ['rollback after a text with a quote', "select e'\\'', 'it''s'; rollback; select ''"],
  ])('may not %s it', (_, text) => {
    expect(() => parseScript('0001', text)).toThrow(malformed);
  });

  test('says in which line', () => {
    expect(() => parseScript('0001', 'select 1;\n--> statement-breakpoint\n\ncommit;')).toThrow('line 4');
  });

  test.each([
    ['in the body of a function', 'do $$ begin perform 1; end $$; do $a$ begin null; commit; end $a$'],
    ['in a body of SQL', 'create function one() returns int language sql begin atomic select 1; end; select 1'],
    ['in comments, texts and names', `-- a; commit;\n/* ; commit; */ select '; commit;' as "; commit;"`],
    ['within words', 'select 1; beginning; committed'],
    ['to a savepoint', 'savepoint a; rollback to a; rollback work to savepoint a; release a'],
  ])('may have the words %s', (_, text) => {
    expect(parseScript('0001', text).isTransactional).toBe(true);
  });

  test('is not one that says that it has none: that may', () => {
    expect(parseScript('0001', '-- blotter: no-transaction\nbegin; select 1; commit;').isTransactional).toBe(false);
  });
});

describe('a header', () => {
  test('is read at the head of a file, behind a byte order mark and before a Windows line end too', () => {
    const text = '-- blotter: no-transaction\r\n-- blotter: loss the rows of a\r\n-- blotter:loss b\nselect 1;';
    for (const file of [text, `\uFEFF${text}`]) {
      const { losses, isTransactional, statements } = parseScript('0001', file);
      expect({ losses, isTransactional }).toEqual({ losses: ['the rows of a', 'b'], isTransactional: false });
      expect(statements[0]?.sql.startsWith('--')).toBe(true);
    }
  });

  test.each([
    '-- blotter: no-transactions',
    '-- blotter: loss',
    '--blotter: loss the rows of a',
    '-- Blotter: loss the rows of a',
    '-- blotter loss the rows of a',
    '  -- blotter: lost the rows of a',
    '--\tBLOTTER no-transaction',
  ])('that is slightly off is refused: %s', (line) => {
    expect(() => parseScript('0001', `-- why\n${line}\nselect 1;`)).toThrow(malformed);
  });
});

test('the checksum and the statements are the same with a byte order mark and the line ends of Windows, and others when a word is', () => {
  const text = 'create table a ();\n--> statement-breakpoint\ncreate table b ();\n';
  expect(parseScript('0001', text.replaceAll('\n', '\r\n'))).toEqual(parseScript('0001', text));
  expect(parseScript('0001', `\uFEFF${text}`)).toEqual(parseScript('0001', text));
  expect(parseScript('0001', text.replace('b', 'c')).checksum).not.toBe(parseScript('0001', text).checksum);
});

describe('a statement that nobody waits behind', () => {
  test.each([
    ['-- why\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a on b (c)', true],
    ['drop index /* now */ concurrently if exists a', true],
    ['reindex (verbose) table concurrently a', true],
    ['-- not concurrently\nalter table a add column b int', false],
    [`create index a on b (c) where c = 'concurrently'`, false],
    ['create index "concurrently" on b (c)', false],
    ['refresh materialized view concurrently a', false],
  ])('is an index that is built or dropped concurrently: %s', (sql, is) => {
    expect(isConcurrent(sql)).toBe(is);
  });
});

import { createHash } from 'node:crypto';
import { MigrationError } from './migration-error.js';
import { transactionWordOf } from './sql-skeleton.js';

/** One file: the way up of a migration, or its way down. */
export interface MigrationScript {
  /** SHA-256 of the file's text with the line ends of Unix, in hexadecimal. */
  readonly checksum: string;
  /** Sent one by one. */
  readonly statements: readonly Statement[];
  /** False after `-- blotter: no-transaction`: each statement runs by itself, and must stand a repetition. */
  readonly isTransactional: boolean;
  /** What `-- blotter: loss …` names: what is not there any more when the script has run. */
  readonly losses: readonly string[];
}

export interface Statement {
  readonly sql: string;
  /** Where it begins in its file. */
  readonly line: number;
}

/** drizzle-kit writes it between statements. */
const BREAKPOINT = '--> statement-breakpoint';

/** `-- blotter: no-transaction`, `-- blotter: loss WHAT`. */
const HEADER = /^-- blotter: *(no-transaction|loss (.*\S))\s*$/;

/** A comment that begins with our name is a header or was meant to be one. */
const MEANT_AS_HEADER = /^\s*--\s*blotter\b.*$/gim;

/** @throws MigrationError MIGRATION_MALFORMED for a header that is not known: misspelt, it would leave undone what it asks for */
export function parseScript(version: string, file: string): MigrationScript {
  // Some editors put a byte order mark before the first line; the server would refuse it, and the first header be unseen.
  // The end of a line is a matter of the machine on which a file was checked out, and no change of it.
  const text = file.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const headers = [...text.matchAll(MEANT_AS_HEADER)].map(([line]) => headerOf(version, line.trim()));
  const losses = headers.flatMap(({ loss }) => loss ?? []);
  const statements = statementsOf(text);
  const isTransactional = headers.every(({ loss }) => loss !== undefined);
  if (isTransactional) refuseTransactionWords(version, statements);
  return { checksum: createHash('sha256').update(text).digest('hex'), statements, isTransactional, losses };
}

/** What it says is lost; without it, the header is `no-transaction`. */
function headerOf(version: string, line: string): { readonly loss: string | undefined } {
  const [found, , loss] = HEADER.exec(line) ?? [];
  if (found !== undefined) return { loss };
  throw new MigrationError(
    'MIGRATION_MALFORMED',
    version,
    `Migration ${version} has the line "${line}". Headers are "-- blotter: no-transaction" and "-- blotter: loss WHAT", written so.`,
  );
}

/** The file and its record are one transaction, which the file must neither end nor undo behind the migrator's back. */
function refuseTransactionWords(version: string, statements: readonly Statement[]): void {
  for (const { sql, line } of statements) {
    const words = transactionWordOf(sql);
    if (words === undefined) continue;
    throw new MigrationError(
      'MIGRATION_MALFORMED',
      version,
      `Migration ${version} has "${words}" in the statement at line ${line}, and runs in a transaction with its record. ` +
        'Remove it; or, where each statement is to stay by itself, begin the file with "-- blotter: no-transaction".',
    );
  }
}

function statementsOf(text: string): readonly Statement[] {
  const statements: Statement[] = [];
  let line = 1;
  for (const part of text.split(BREAKPOINT)) {
    const leading = /^\s*/.exec(part)?.[0] ?? '';
    const sql = part.trim();
    if (sql !== '') statements.push({ sql: inAnySchema(sql), line: line + newlines(leading) });
    line += newlines(part);
  }
  return statements;
}

/** The line of the file on which a statement has the character that the server counts from 1; its characters are code points. */
export function lineAt({ sql, line }: Statement, position: number): number {
  return line + newlines([...sql].slice(0, position - 1).join(''));
}

const newlines = (text: string) => text.split('\n').length - 1;

/**
 * drizzle-kit writes "public" before types and before the tables of foreign keys. Without it they are looked for where the
 * session looks, which is the book's own schema. Who means the schema public writes it without quotes. No line is moved.
 */
function inAnySchema(sql: string): string {
  return sql.replaceAll('"public".', '');
}

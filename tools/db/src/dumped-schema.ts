import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const program = process.env['BLOTTER_TEST_PG_DUMP'] ?? '';

/** Whether a pg_dump that fits the server is named. */
export const isDumped = program !== '';

/** What pg_dump says of the schema, where there is one: its lines in order, for columns may move. */
export async function dumpedSchema(url: string, schema = 'public'): Promise<readonly string[]> {
  if (!isDumped) return [];
  const options = [
    '--schema-only',
    `--schema=${schema}`,
    '--exclude-table=*.schema_migration*',
    '--restrict-key=blotter',
  ];
  const { stdout } = await promisify(execFile)(program, [...options, url], { maxBuffer: 10_000_000 });
  return stdout
    .split('\n')
    .map((line) => line.replace(/,$/, ''))
    .sort();
}

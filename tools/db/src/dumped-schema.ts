import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What pg_dump says of the schema, where one that fits the server is named: its lines in order, for columns may move. */
export async function dumpedSchema(url: string, schema = 'public'): Promise<readonly string[]> {
  const program = process.env['BLOTTER_TEST_PG_DUMP'];
  if (program === undefined || program === '') return [];
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

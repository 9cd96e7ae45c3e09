import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { commandLine, type Options } from './options.js';
import { chart } from './report/chart.js';
import { jsonLine } from './report/json-line.js';
import { markdown, withFigures } from './report/markdown.js';
import { tablesOf } from './report/tables.js';
import { textTable } from './report/text-table.js';
import { runBench } from './run-bench.js';

/** One line that is written over, in a terminal; elsewhere nothing. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

/** Into a document that has a place for them, or into a file of their own. */
function writeFigures(file: string, figures: string): void {
  const document = existsSync(file) ? readFileSync(file, 'utf8') : '';
  writeFileSync(file, withFigures(document, figures));
}

const options = commandLine().parse().opts<Options>();
const report = await runBench(options, progress);
progress('');
for (const table of tablesOf(report)) console.log(textTable(table));
for (const [name, { leftOut }] of report.leftOut) console.log(`left out: ${name}, ${leftOut}`);
if (options.markdown !== undefined) writeFigures(options.markdown, markdown(report));
if (options.chart !== undefined) writeFileSync(options.chart, chart(report.results));
if (options.json) console.log(jsonLine(report));
// Peers are measured, not judged, and neither is any time.
if (report.results.lanes.some(({ contestant, exact }) => contestant === 'blotter' && exact !== true))
  process.exitCode = 1;

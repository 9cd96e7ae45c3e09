import { runBench } from './bench.js';
import { commandLine, type Options } from './options.js';
import { jsonLine } from './report/json-line.js';
import { textTables } from './report/text-table.js';

const options = commandLine().parse().opts<Options>();
const report = await runBench(options, (text) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
});
if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
console.log(textTables(report));
if (options.json) console.log(jsonLine(report));

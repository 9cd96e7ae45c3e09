import { runBench } from './bench.js';
import { commandLine, type Options } from './options.js';
import { faultTable } from './report/fault-table.js';
import { jsonLine } from './report/json-line.js';
import { markdownTable } from './report/markdown-table.js';
import { Progress } from './report/progress.js';
import { violationsOfBlotter } from './report/violations.js';

const started = performance.now();
const options = commandLine().parse().opts<Options>();
const progress = new Progress(process.stderr);

const reports = await runBench(options, (text) => {
  progress.show(text);
});
progress.clear();
const violations = violationsOfBlotter(reports);
if (options.markdown) console.log(`${markdownTable(reports, options.contestants)}\n`);
else for (const report of reports) console.log(`${faultTable(report)}\n`);
console.log(`violations: ${violations} (seed ${options.seed})`);
if (options.json) console.log(jsonLine(reports, options, (performance.now() - started) / 1_000));
process.exitCode = violations === 0 ? 0 : 1;

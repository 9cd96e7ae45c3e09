import { CommanderError } from 'commander';
import { commands } from './commands.js';
import { NotConfirmedError } from './going-back.js';
import { EXIT, isJson } from './options.js';
import { errorLine } from './report.js';

try {
  await commands().parseAsync();
} catch (error) {
  const isUsage = error instanceof CommanderError;
  process.exitCode = isUsage ? error.exitCode : error instanceof NotConfirmedError ? EXIT.notConfirmed : EXIT.failed;
  // Help is no error, and of a wrong parameter commander has told people already.
  const isTold = isUsage && (error.exitCode === 0 || !isJson());
  if (!isTold) process.stderr.write(`${errorLine(error, isJson())}\n`);
}

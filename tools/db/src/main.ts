import { MigrationError } from '@blotter/infrastructure';
import { BlotterError } from '@blotter/domain';
import { commands } from './commands.js';
import { EXIT } from './options.js';

try {
  await commands().parseAsync();
} catch (error) {
  if (!(error instanceof BlotterError)) throw error;
  const { code, message } = error;
  const version = error instanceof MigrationError ? error.version : undefined;
  const isJson = process.argv.includes('--json');
  process.stderr.write(`${isJson ? JSON.stringify({ code, version, message }) : `${code}: ${message}`}\n`);
  process.exitCode = EXIT.failed;
}

import { Interruption } from './interruption.js';
import { commandLine, type Options } from './options.js';
import { paperTrading } from './paper-trading.js';
import { Terminal } from './terminal.js';

const interruption = new Interruption();
interruption.listen();
const stopWriting = () => {
  interruption.stop('SIGPIPE');
};
const terminal = new Terminal(process.stdout, stopWriting);
const errors = new Terminal(process.stderr, stopWriting);
const options = commandLine().parse().opts<Options>();

try {
  process.exitCode = await paperTrading(options, terminal, interruption);
} catch (error) {
  process.exitCode = 1;
  const message = error instanceof Error ? error.message : String(error);
  const details = options.verbose && error instanceof Error ? `\n${error.stack ?? ''}` : '';
  errors.line(`blotter: ${message}${details}`);
}

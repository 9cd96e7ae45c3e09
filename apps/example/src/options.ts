import { BlotterError, Ticker } from '@blotter/domain';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DATA_DIRECTORY } from './database.js';
import { LOG_LEVELS, type LogLevel } from './log.js';
import { SYMBOLS } from './session/plans.js';

export interface Options {
  readonly symbols: readonly Ticker[];
  readonly days?: number;
  readonly seed: string;
  readonly dataDirectory: string;
  readonly json: boolean;
  readonly logLevel: LogLevel;
  readonly verbose: boolean;
}

/** The command line. */
export function commandLine(): Command {
  return new Command('blotter-example')
    .description(
      'A paper-trading session over real prices, every order and fill kept in PostgreSQL, and the books proven at its end.',
    )
    .option('--symbols <list>', `trade these alone, of ${SYMBOLS.join(', ')}`, symbolsOf, SYMBOLS)
    .option('--days <n>', 'trade the last n days alone', wholeNumber)
    .option('--seed <text>', 'what chance is made of: the same seed gives the same session', '1')
    .option(
      '--data-directory <path>',
      'where the PostgreSQL of its own keeps its data; DATABASE_URL takes precedence',
      DATA_DIRECTORY,
    )
    .option('--json', 'end with one JSON object instead of the report', false)
    .addOption(
      new Option(
        '--log-level <level>',
        'what the database tells of itself on the error output, in place of the progress bar',
      )
        .choices(LOG_LEVELS)
        .default('silent' satisfies LogLevel),
    )
    .option('--verbose', 'show the stack of an error', false)
    .allowExcessArguments(false);
}

function symbolsOf(list: string): readonly Ticker[] {
  try {
    return [...new Set(list.split(',').map((symbol) => Ticker.of(symbol.trim())))];
  } catch (error) {
    if (error instanceof BlotterError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1.');
  return Number(text);
}

import { Command } from 'commander';

/** What every command takes. */
export interface SharedOptions {
  readonly json: boolean;
  readonly folder?: string | undefined;
}

/** Exit codes; docs/migrations.md. */
export const EXIT = { done: 0, failed: 1, problems: 2, notConfirmed: 3 } as const;

const EXIT_CODES = `
Exit codes: 0 done; 1 refused or failed, with the reason; 2 verify found problems; 3 going back was not confirmed.
The database is that of DATABASE_URL and the other variables of the README. docs/migrations.md has the rest.`;

/** Before the parameters are parsed too, for what is wrong with them. */
export const isJson = () => process.argv.includes('--json');

/** A command with the options that all have. */
export function shared(command: Command): Command {
  return command
    .option('--json', 'one JSON value instead of tables', false)
    .option('--folder <path>', 'migrations of another folder than the package’s own')
    .allowExcessArguments(false);
}

export function commandLine(): Command {
  return new Command('db')
    .description('Moves the schema of a book forward and back.')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        if (!isJson()) write(text);
      },
    });
}

/** For an option that may be given several times, or with several values. */
export const listed = (value: string, list: readonly string[] = []): readonly string[] => [
  ...list,
  ...value.split(','),
];

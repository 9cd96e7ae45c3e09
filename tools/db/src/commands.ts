import { DatabaseConfig, Migrator } from '@blotter/infrastructure';
import { Argument, type Command } from 'commander';
import { confirm, type Ask } from './confirm.js';
import { confirmed } from './going-back.js';
import { commandLine, EXIT, listed, shared, type SharedOptions } from './options.js';
import { errorFields, planLines, problemTable, repairLines, reportLines, statusTable } from './report.js';

interface Target extends SharedOptions {
  readonly to?: string;
}

interface GoingBack extends Target {
  readonly acceptLoss?: readonly string[];
  readonly yes: boolean;
}

const TO = ['--to <version>', 'the version to be at afterwards'] as const;
const LOSS = ['--accept-loss <versions>', 'take these back although data is lost', listed] as const;
const YES = ['--yes', 'do not ask before going back', false] as const;

/** The command line with all of its commands; `ask` is whether a person says yes to going back. */
export function commands(ask: Ask = confirm): Command {
  const program = commandLine();
  const command = (name: string, description: string) => shared(program.command(name).description(description));

  command('up', 'apply what is missing')
    .option(...TO)
    .action(async ({ to, ...options }: Target) => {
      show(options, await migrator(options).up({ to }), reportLines);
    });
  command('down', 'take the newest migration back, or all after a version')
    .option(TO[0], `${TO[1]}; 0 for before all`)
    .option(...LOSS)
    .option(...YES)
    .action(async ({ to, acceptLoss, yes, ...options }: GoingBack) => {
      const expected = yes ? undefined : await confirmed(migrator(options), 'down', ask, to);
      show(options, await migrator(options).down({ to, acceptLoss, expected }), reportLines);
    });
  command('redo', 'take the newest migration back and apply it again')
    .option(...LOSS)
    .option(...YES)
    .action(async ({ acceptLoss, yes, ...options }: GoingBack) => {
      const expected = yes ? undefined : await confirmed(migrator(options), 'redo', ask);
      show(options, await migrator(options).redo({ acceptLoss, expected }), reportLines);
    });
  command('status', 'every migration, and whether it is applied').action(async (options: SharedOptions) => {
    show(options, await migrator(options).status(), statusTable);
  });
  command('plan', 'the SQL that up or down would run; nothing is done')
    .addArgument(new Argument('[direction]').choices(['up', 'down']).default('up'))
    .option(...TO)
    .action(async (direction: 'up' | 'down', { to, ...options }: Target) => {
      show(options, await migrator(options).plan(direction, { to }), planLines);
    });
  command('verify', 'what does not agree between files and database').action(async (options: SharedOptions) => {
    const problems = await migrator(options).verify();
    if (options.json) print(JSON.stringify(problems.map(errorFields)));
    else print(problemTable(problems));
    if (problems.length > 0) process.exitCode = EXIT.problems;
  });
  command('repair', 'finish what was broken off, and build invalid indexes again')
    .option('--accept <versions>', 'take the files of these for those that were applied', listed)
    .action(async ({ accept, ...options }: SharedOptions & { readonly accept?: readonly string[] }) => {
      show(options, await migrator(options).repair({ accept }), repairLines);
    });
  command('baseline', 'record migrations as applied without running them')
    .requiredOption(...TO)
    .action(async ({ to, ...options }: SharedOptions & { readonly to: string }) => {
      show(options, await migrator(options).baseline({ to }), reportLines);
    });
  program
    .command('generate')
    .description('write the next migration from the drizzle schema, with its way back')
    .argument('<name>', 'what it changes')
    .option('--custom', 'two empty files, for SQL by hand', false)
    .action(async (name: string, { custom }: { readonly custom: boolean }) => {
      // drizzle-kit is large, and no other command needs it.
      const { generate } = await import('./generate/generate.js');
      const files = await generate(name, custom);
      print(files.length > 0 ? `Read both before you commit them: ${files.join(', ')}` : 'The schema has not changed.');
    });
  return program;
}

function migrator({ folder }: SharedOptions): Migrator {
  return new Migrator(DatabaseConfig.fromEnvironment(process.env), { folder });
}

function show<Result>(
  { json }: { readonly json: boolean },
  result: Result,
  forPeople: (result: Result) => string,
): void {
  print(json ? JSON.stringify(result) : forPeople(result));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

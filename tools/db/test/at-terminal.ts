import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

export interface TerminalRun {
  readonly code: number | null;
  /** Everything that was shown, without its colours. */
  readonly shown: string;
}

/**
 * Runs a program on a terminal of its own (that of util-linux's `script`), and types what is answered to what it shows.
 * @param answer given what was shown since the last answer; undefined to look on
 */
export async function atTerminal(
  command: readonly string[],
  answer: (shown: string) => string | undefined,
  options: { readonly env?: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<TerminalRun> {
  const child = spawn(
    'script',
    ['--quiet', '--return', '--command', command.map(quoted).join(' '), '/dev/null'],
    options,
  );
  let [shown, unanswered] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    shown += data;
    unanswered += data;
    const keys = answer(plain(unanswered));
    if (keys === undefined) return;
    unanswered = '';
    child.stdin.write(keys);
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { code, shown: plain(shown) };
}

const plain = (text: string) => stripVTControlCharacters(text).replaceAll('\r', '');

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

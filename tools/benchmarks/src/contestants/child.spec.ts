import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));

/** Hooks by which a process fails when it loads anything of Blotter's. */
const WITHOUT_BLOTTER = `data:text/javascript,${encodeURIComponent(`
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(\`
    export function resolve(name, context, next) {
      if (name.startsWith('@blotter/')) throw new Error('It loads ' + name);
      return next(name, context);
    }\`));`)}`;

/** What the process of a contestant says that is asked for something once, by which time all is loaded. */
function saidBy(contestant: string): readonly unknown[] {
  const { stdout } = spawnSync(
    process.execPath,
    ['--conditions=@blotter/source', '--import', 'tsx', '--import', WITHOUT_BLOTTER, CHILD, contestant],
    { encoding: 'utf8', input: `${JSON.stringify({ do: 'close', book: 'none' })}\n` },
  );
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
}

describe('The process of a contestant', () => {
  it('loads nothing of Blotter, neither before it says how long it took nor after', () => {
    expect(saidBy('raw')).toEqual([
      { importMs: expect.any(Number) as number },
      { error: 'The book none is not open.' },
    ]);
  });

  it('does when the contestant is Blotter', () => {
    expect(saidBy('blotter')).toEqual([]);
  });
});

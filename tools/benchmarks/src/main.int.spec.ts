import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const ARGS = ['--quick', '--json', '--contestants', 'raw,blotter', '--only', 'record-fill'];

interface Summary {
  readonly quick: boolean;
  readonly workloads: readonly {
    readonly name: string;
    readonly variants: readonly {
      readonly name: string;
      readonly contestants: readonly {
        readonly name: string;
        readonly median: number;
        readonly exact: boolean;
        readonly bursts: number | null;
      }[];
    }[];
  }[];
  readonly bars: readonly { readonly name: string; readonly figure: number | null; readonly target: string }[];
}

it('npm run bench measures what it is told, checks what was written, and ends with one JSON object', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@blotter/source', '--import', 'tsx', MAIN, ...ARGS],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const { quick, workloads, bars } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Summary;
  expect(quick).toBe(true);
  expect(workloads.map(({ name }) => name)).toEqual(['record-fill']);
  const variant = (name: string) => workloads[0]?.variants.find((one) => one.name === name)?.contestants ?? [];
  expect(variant('record a fill, 8 tasks').map(({ name }) => name)).toEqual(['raw', 'blotter']);
  for (const { median, exact } of variant('record a fill, 8 tasks')) {
    expect(median).toBeGreaterThan(0);
    expect(exact).toBe(true);
  }
  for (const { bursts } of variant('record a fill, 1 task, 1 ms')) expect(bursts).toBeGreaterThan(1);
  expect(bars.find(({ name }) => name === 'record a fill, 8 tasks: of raw sql.begin')?.figure).toBeGreaterThan(0);
  expect(bars.find(({ name }) => name.startsWith('order by id'))?.figure).toBeNull();
});

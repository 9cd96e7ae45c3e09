import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
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

/** What a quick run of a workload ends with. */
function measured(workload: string, contestants: string): Summary {
  const args = ['--quick', '--json', '--contestants', contestants, '--only', workload];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@blotter/source', '--import', 'tsx', MAIN, ...args],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Summary;
}

it('npm run bench measures what it is told, checks what was written, and ends with one JSON object', () => {
  const { quick, workloads, bars } = measured('record-fill', 'raw,blotter');
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

it('who has no way of its own to the first answer is not measured at it', () => {
  const { workloads } = measured('start-up', 'raw,raw-bursts');
  const variants = workloads.flatMap((workload) => workload.variants);
  expect(variants).toHaveLength(3);
  for (const { contestants } of variants) {
    expect(contestants).toEqual([expect.objectContaining({ name: 'raw', exact: true })]);
  }
});

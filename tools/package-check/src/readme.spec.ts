import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { ORDER_EVENTS, ORDER_STATUSES, nextStatus } from '@blotter/domain';
import { beforeAll, describe, expect, test } from 'vitest';
import { section, tableRows } from './markdown.js';
import { readWorkspaceFile, WORKSPACE } from './workspace.js';

let readme: string;

beforeAll(async () => {
  readme = await readWorkspaceFile('README.md');
});

describe('the README', () => {
  test('shows the life of an order as the domain has it', () => {
    const life = ORDER_STATUSES.map((status) => [
      status,
      ...ORDER_EVENTS.map((event) => nextStatus(status, event) ?? '–'),
    ]);

    expect(tableRows(section(readme, 'The life of an order'))).toEqual(life);
  });

  test('names every variable of the configuration, and none that is not there', async () => {
    const source = await readWorkspaceFile('packages/infrastructure/src/database/database-config.ts');
    const read = new Set(source.match(/(?<=')DATABASE_\w+(?=')/g));
    const shown = tableRows(section(readme, 'Environment variables')).map(([name = '']) => name);

    expect(shown.filter((name) => name.startsWith('DATABASE_')).sort()).toEqual([...read].sort());
  });

  test('gives a reason for every dependency, and for none that is not there', async () => {
    const manifests = ['', ...(await packageFolders())].map((folder) => readWorkspaceFile(`${folder}package.json`));
    const used = (await Promise.all(manifests)).flatMap((text) => {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(text) as Manifest;
      return [...Object.keys(dependencies), ...Object.keys(devDependencies)];
    });
    const shown = tableRows(section(readme, 'Dependencies')).flatMap(([names = '']) => names.split(', '));

    expect(shown.sort()).toEqual([...new Set(used.filter((name) => !name.startsWith('@blotter/')))].sort());
  });

  test('names every script, and none that is not there', async () => {
    const { scripts = {} } = JSON.parse(await readWorkspaceFile('package.json')) as Manifest;
    const shown = tableRows(section(readme, 'Scripts')).map(([command = '']) => command.replace(/^npm (run )?/, ''));

    expect(shown.sort()).toEqual(Object.keys(scripts).sort());
  });
});

test.each([
  'README.md',
  'docs/backup.md',
  'docs/bulk.md',
  'docs/connecting.md',
  'docs/migrations.md',
  'docs/performance.md',
  'docs/reliability.md',
  'docs/telemetry.md',
])('every file and folder that %s names is there', async (document) => {
  const text = await readWorkspaceFile(document);
  const named = text.match(/(?<=[`(])(?:packages|apps|tools|docs|\.ci)\/[^\s`)]*/g) ?? [];

  expect(named.filter((path) => !existsSync(`${WORKSPACE}${path}`))).toEqual([]);
});

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

async function packageFolders(): Promise<string[]> {
  const groups = ['packages', 'apps', 'tools'].map(async (group) => {
    const entries = await readdir(`${WORKSPACE}${group}`, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${group}/${name}/`);
  });
  return (await Promise.all(groups)).flat();
}

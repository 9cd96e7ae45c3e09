import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeBlocks, section } from './markdown.js';
import { PackedProject } from './packed-project.js';
import { createScratchDatabase, type ScratchDatabase } from './scratch-database.js';
import { readWorkspaceFile } from './workspace.js';

const INSTALLING = 300_000;

let project: PackedProject;
let database: ScratchDatabase;
const cleanUps: (() => PromiseLike<void>)[] = [];

beforeAll(async () => {
  database = await createScratchDatabase();
  cleanUps.push(() => database[Symbol.asyncDispose]());
  project = await PackedProject.create();
  cleanUps.push(() => project.remove());
}, INSTALLING);
afterAll(async () => {
  await Promise.all(cleanUps.map((cleanUp) => cleanUp()));
});

test(
  'the README’s program compiles against the packed packages, and prints what the README says',
  { timeout: INSTALLING },
  async () => {
    const chapter = section(await readWorkspaceFile('README.md'), 'In your own system');
    const [tsconfig = ''] = codeBlocks(chapter, 'json');
    const [printed = ''] = codeBlocks(chapter, 'text');
    const program = codeBlocks(chapter, 'ts').join('\n');

    await project.write('tsconfig.json', tsconfig);
    await project.write('src/book.ts', program);
    await project.compile();

    expect(await project.run('dist/book.js', { DATABASE_URL: database.url })).toBe(printed);
  },
);

test('the proof that docs/backup.md runs on a restored book finds no difference in that book', async () => {
  const [proof = ''] = codeBlocks(await readWorkspaceFile('docs/backup.md'), 'js');
  await project.write('prove.mjs', proof);

  expect(await project.run('prove.mjs', { RESTORED_URL: database.url })).toMatch(
    /^difference 0 over [1-9]\d* figures\n$/,
  );
});

test('the monitor of docs/reliability.md tells that the database is up', async () => {
  const [program = ''] = codeBlocks(await readWorkspaceFile('docs/reliability.md'), 'js');
  await project.write('monitor.mjs', program);

  expect(await project.run('monitor.mjs', { DATABASE_URL: database.url })).toBe(
    'database: unknown, then up\nlive true, ready true\n',
  );
});

test('the program of docs/bulk.md prints what the page says', async () => {
  const page = await readWorkspaceFile('docs/bulk.md');
  const [[program = ''], [printed = '']] = [codeBlocks(page, 'js'), codeBlocks(page, 'text')];
  await project.write('bulk.mjs', program);

  expect(await project.run('bulk.mjs', { DATABASE_URL: database.url })).toBe(printed);
});

test('the program of docs/telemetry.md prints log lines, a span under its own, and metrics', async () => {
  const [program = ''] = codeBlocks(await readWorkspaceFile('docs/telemetry.md'), 'js');
  await project.write('telemetry.mjs', program);

  const printed = await project.run('telemetry.mjs', { DATABASE_URL: database.url });
  for (const part of [/database closes/, /name: 'SELECT'/, /name: 'look'/, /db\.client\.operation\.duration/]) {
    expect(printed).toMatch(part);
  }
  expect(printed.match(/traceId: '(\w+)'/g)?.[0]).toBe(printed.match(/traceId: '(\w+)'/g)?.[1]);
});

test('the in-memory book runs in a project without vitest, and the contract suites ask for it', async () => {
  await project.write(
    'in-memory.mjs',
    `import { Blotter } from '@blotter/application';
     import { anyPortfolio, InMemoryBook } from '@blotter/application/testing';
     const { name } = await new Blotter(new InMemoryBook()).openPortfolio({ ...anyPortfolio(), name: 'Momentum' });
     console.log('opened', name);
     await import('@blotter/application/testing/contracts').catch(({ code, message }) => {
       console.log(code, message.split(' imported from ')[0]);
     });`,
  );

  expect(await project.run('in-memory.mjs', {})).toBe(
    "opened Momentum\nERR_MODULE_NOT_FOUND Cannot find package 'vitest'\n",
  );
});

test('the packages bring the migrations, and neither sources nor build files', async () => {
  const files = await project.installedFiles();

  expect(files.filter((file) => /infrastructure\/migrations\/\d{4}_\w+\.sql$/.test(file)).length).toBeGreaterThan(0);
  expect(files.filter((file) => /\/src\/|\.spec\.|\.tsbuildinfo$/.test(file))).toEqual([]);
});

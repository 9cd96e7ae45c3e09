import { DatabaseConfig, Migrator } from '@blotter/infrastructure';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { commands } from './commands.js';
import { confirmed } from './going-back.js';
import { createScratchDatabase, type ScratchDatabase } from '../test/scratch-database.js';

let scratch: ScratchDatabase;
let migrator: Migrator;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  migrator = new Migrator(DatabaseConfig.fromUrl(scratch.url, { minPoolSize: 0 }));
  await migrator.up({ to: '0004' });
});
beforeEach(async () => {
  await migrator.up({ to: '0004' });
  await migrator.down({ to: '0004' });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await scratch[Symbol.asyncDispose]();
});

test('the question says what is taken back and lost, and its answer is what was asked', async () => {
  const questions: string[] = [];
  const yes = (question: string) => Promise.resolve(questions.push(question) > 0);
  expect(await confirmed(migrator, 'down', yes)).toEqual(['0004']);
  expect(await confirmed(migrator, 'down', yes, '0002')).toEqual(['0004', '0003']);
  expect(await confirmed(migrator, 'redo', yes)).toEqual(['0004']);
  expect(await confirmed(migrator, 'down', yes, '0004')).toEqual([]);
  expect(questions).toEqual([
    expect.stringMatching(/^Take back 0004\? This loses .+\.$/),
    expect.stringMatching(/^Take back 0004, 0003\? This loses .+\.$/),
    expect.stringMatching(/^Take back 0004\? This loses .+\.$/),
  ]);
});

test('nothing is taken back when nobody says yes', async () => {
  await expect(confirmed(migrator, 'down', () => Promise.resolve(false))).rejects.toMatchObject({
    code: 'NOT_CONFIRMED',
    message: expect.stringContaining('To take back 0004') as string,
  });
});

test.each(['down', 'down --to 0002', 'redo'])(
  'what was asked about is all that %s takes back: others move the schema before the answer, and nothing is done',
  async (parameters) => {
    vi.stubEnv('DATABASE_URL', scratch.url);
    const meanwhile = async () => (await migrator.up({ to: '0005' })).applied.length > 0;
    const line = commands(meanwhile).parseAsync([...parameters.split(' '), '--accept-loss', '0004,0003'], {
      from: 'user',
    });
    await expect(line).rejects.toMatchObject({ code: 'SCHEMA_MOVED', version: '0005' });
    expect((await migrator.status()).find(({ version }) => version === '0005')?.state).toBe('applied');
  },
);

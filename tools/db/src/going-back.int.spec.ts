import { DatabaseConfig, Migrator } from '@blotter/infrastructure';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { confirmedTarget } from './going-back.js';
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
afterAll(() => scratch[Symbol.asyncDispose]());

test('the question says what is taken back and lost, and its answer holds for that version', async () => {
  const questions: string[] = [];
  const yes = (question: string) => Promise.resolve(questions.push(question) > 0);
  expect(await confirmedTarget(migrator, undefined, yes)).toBe('0003');
  expect(await confirmedTarget(migrator, '0002', yes)).toBe('0002');
  expect(questions).toEqual([
    expect.stringMatching(/^Take back 0004\? This loses .+\.$/),
    expect.stringMatching(/^Take back 0004, 0003\? This loses .+\.$/),
  ]);
});

test('nothing is taken back when others moved the schema meanwhile, or when nobody said yes', async () => {
  const meanwhile = async () => (await migrator.up({ to: '0005' })).applied.length > 0;
  await expect(confirmedTarget(migrator, undefined, meanwhile)).rejects.toThrow('others have moved the schema');
  await expect(confirmedTarget(migrator, undefined, () => Promise.resolve(false))).rejects.toMatchObject({
    code: 'NOT_CONFIRMED',
    message: expect.stringContaining('To take back 0005') as string,
  });
});

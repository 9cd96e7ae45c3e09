import { Database, DatabaseConfig, Migrator } from '@blotter/infrastructure';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dumpedSchema, isDumped } from './dumped-schema.js';
import { createScratchDatabase, type ScratchDatabase } from '../test/scratch-database.js';
import { schemaFingerprint } from './schema-fingerprint.js';

let scratch: ScratchDatabase;
let config: DatabaseConfig;
let migrator: Migrator;

beforeAll(async () => {
  scratch = await createScratchDatabase();
  config = DatabaseConfig.fromUrl(scratch.url, { minPoolSize: 0 });
  migrator = new Migrator(config);
});
afterAll(() => scratch[Symbol.asyncDispose]());

async function fingerprint(): Promise<readonly string[]> {
  await using database = await Database.connect(config);
  return await schemaFingerprint(database);
}

const state = async () => ({ fingerprint: await fingerprint(), dump: await dumpedSchema(scratch.url) });

describe('every migration of the repository', () => {
  test('has a way back, restores by it what was, and makes the same schema again', async () => {
    await migrator.up({ to: '0000' });
    await migrator.down({ acceptLoss: ['0000'] });
    const versions = (await migrator.status()).map(({ version }) => version);
    expect(versions.length).toBeGreaterThan(4);
    for (const version of versions) {
      const before = await state();
      await migrator.up({ to: version });
      const after = await state();
      expect(after.fingerprint, version).not.toEqual(before.fingerprint);
      expect(isDumped && after.dump, version).not.toEqual(before.dump);
      await migrator.down({ acceptLoss: [version] });
      expect(await state(), version).toEqual(before);
      await migrator.up({ to: version });
      expect(await state(), version).toEqual(after);
    }
  });

  test('goes back in one go, to nothing, and forward again to the same', async () => {
    const after = await state();
    const versions = (await migrator.status()).map(({ version }) => version);
    await migrator.down({ to: '0', acceptLoss: versions });
    expect((await fingerprint()).filter((line) => !line.startsWith('schema '))).toEqual([]);
    await migrator.up();
    expect(await state()).toEqual(after);
  });
});

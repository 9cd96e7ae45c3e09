import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, DatabaseConfig, Migrator } from '@blotter/infrastructure';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCHEMA_CHANGES, type SchemaChange } from '../test/schema-changes.js';
import { dumpedSchema, isDumped } from './dumped-schema.js';
import { downSql } from './generate/down-sql.js';
import { textOf } from './generate/generate.js';
import type { Snapshot } from './generate/snapshot.js';
import { createScratchDatabase, type ScratchDatabase } from '../test/scratch-database.js';
import { schemaFingerprint } from './schema-fingerprint.js';

const { generateDrizzleJson, generateMigration } = createRequire(import.meta.url)('drizzle-kit/api') as {
  readonly generateDrizzleJson: (
    imports: object,
    id?: string,
    schemas?: readonly string[],
    casing?: string,
  ) => Snapshot;
  readonly generateMigration: (from: Snapshot, to: Snapshot) => Promise<readonly string[]>;
};

const snapshotOf = (schema: object) => generateDrizzleJson(schema, undefined, undefined, 'snake_case');

let scratch: ScratchDatabase;

beforeAll(async () => {
  scratch = await createScratchDatabase();
});
afterAll(() => scratch[Symbol.asyncDispose]());

describe('a generated way back restores the schema, and up again makes the same', () => {
  test('of enough kinds', () => {
    expect(SCHEMA_CHANGES.length).toBeGreaterThanOrEqual(25);
  });

  test.each(SCHEMA_CHANGES.map((change, number) => [change.name, number, change] as const))(
    '%s',
    async (_, number, change) => {
      const folder = await mkdtemp(join(tmpdir(), 'blotter-changes-'));
      const schema = `change_${number}`;
      const config = DatabaseConfig.fromUrl(scratch.url, { minPoolSize: 0, schema });
      const migrator = new Migrator(config, { folder });
      try {
        await writeMigrations(folder, change);
        await migrator.up({ to: '0001' });
        await using database = await Database.connect(config);
        if (change.rows !== undefined) await database.query(change.rows);
        const state = async () => {
          const both = [schemaFingerprint(database), dumpedSchema(scratch.url, schema)] as const;
          const [fingerprint, dump] = await Promise.all(both);
          return { fingerprint, dump };
        };
        const before = await state();
        await migrator.up();
        const after = await state();
        expect(after.fingerprint).not.toEqual(before.fingerprint);
        expect(isDumped && after.dump).not.toEqual(before.dump);
        const [back] = await migrator.plan('down');
        if (change.losses !== undefined) expect(back?.losses).toEqual(change.losses);
        const down = () => migrator.down({ acceptLoss: ['0002'] });
        await down();
        expect(await state()).toEqual(before);
        if (change.rows !== undefined) {
          expect(await database.query('select size, note from deals')).toEqual([{ size: 5, note: 'kept' }]);
        }
        await migrator.up();
        expect(await state()).toEqual(after);
        await down();
        expect(await state()).toEqual(before);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

async function writeMigrations(folder: string, { before, after, forward: given }: SchemaChange): Promise<void> {
  const [nothing, old, present] = [snapshotOf({}), snapshotOf(before), snapshotOf(after)];
  const forward = given ?? (await steps(old, present));
  const down = await downSql(old, present, forward);
  const first = await generateMigration(nothing, old);
  await writeFile(join(folder, '0001_before.sql'), first.join('\n--> statement-breakpoint\n'));
  await writeFile(join(folder, '0002_change.sql'), forward.join('\n--> statement-breakpoint\n'));
  await writeFile(join(folder, '0002_change.down.sql'), textOf(down));
}

/** As drizzle-kit writes it; where it would ask what was renamed, what goes goes first, and what comes comes then. */
async function steps(old: Snapshot, present: Snapshot): Promise<readonly string[]> {
  try {
    return await generateMigration(old, present);
  } catch {
    const { statements } = await downSql(present, old, []);
    return statements;
  }
}

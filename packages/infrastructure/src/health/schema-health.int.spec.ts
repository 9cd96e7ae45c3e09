import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../test/test-database.js';
import { Database } from '../database/database.js';

describe('the health of a database whose schema', () => {
  it('lacks migrations of this version is degraded, and it is not ready', async () => {
    const empty = await createTestDatabase({ empty: true });
    const fresh = await Database.connect(empty.config);
    const report = await fresh.health();
    expect(report).toMatchObject({ state: 'degraded', reasons: ['MIGRATIONS_PENDING'] });
    expect(report.server?.migrationsPending).toBeGreaterThan(3);
    expect(await fresh.ready()).toBe(false);
    await fresh.close();
    await empty.drop();
  });

  it.each(['applying', 'reverting'])('has a migration that is %s is degraded, and it is not ready', async (state) => {
    const begun = await createTestDatabase();
    const fresh = await Database.connect(begun.config, { schema: 'current' });
    await fresh.query(
      'update schema_migrations set state = $1 where version = (select max(version) from schema_migrations)',
      [state],
    );
    expect(await fresh.health()).toMatchObject({
      state: 'degraded',
      reasons: ['MIGRATIONS_UNFINISHED'],
      server: { migrationsPending: 0, migrationsUnfinished: 1 },
    });
    expect(await fresh.ready()).toBe(false);
    await fresh.query(`update schema_migrations set state = 'applied'`);
    expect(await fresh.ready()).toBe(true);
    await fresh.close();
    await begun.drop();
  });

  it('is newer than the program is degraded, and ready where it was connected to leave the schema alone', async () => {
    const ahead = await createTestDatabase();
    const strict = await Database.connect(ahead.config, { schema: 'current' });
    const lenient = await Database.connect(ahead.config);
    await strict.query(
      `insert into schema_migrations (version, name, checksum, state) values ('9998', 'next', '', 'applied'), ('9999', 'far', '', 'applying')`,
    );
    for (const database of [strict, lenient]) {
      expect(await database.health()).toMatchObject({
        state: 'degraded',
        reasons: ['SCHEMA_NEWER'],
        server: { migrationsNewer: 2, migrationsUnfinished: 0 },
      });
    }
    expect([await strict.ready(), await lenient.ready()]).toEqual([false, true]);
    await Promise.all([strict.close(), lenient.close()]);
    await ahead.drop();
  });

  it('the role may not look into is down, and it says what the role lacks', async () => {
    const hidden = await createTestDatabase();
    const fresh = await Database.connect(hidden.config);
    const role = `${hidden.config.settings.name}_role`;
    await fresh.query(`create role ${role} login password '${role}'`);
    const asRole = await Database.connect(hidden.configWith({ user: role, password: role }));
    expect(await asRole.health()).toMatchObject({ state: 'down', error: { code: 'MIGRATION_FORBIDDEN' } });
    await fresh.query(`grant select on schema_migrations to ${role}`);
    expect(await asRole.health()).toMatchObject({ state: 'up' });
    await asRole.close();
    await fresh.query(`drop owned by ${role}`);
    await fresh.query(`drop role ${role}`);
    await fresh.close();
    await hidden.drop();
  });
});

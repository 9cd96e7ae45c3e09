import { Blotter } from '@blotter/application';
import { anyNewPortfolio } from '@blotter/domain/testing';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@blotter/embedded-postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DatabaseConfig } from '../database/database-config.js';
import { Database } from '../database/database.js';

let server: EmbeddedPostgres;
let database: Database;

beforeAll(async () => {
  server = await startEmbeddedPostgres({ settings: { fsync: 'off' } });
  database = await Database.connect(DatabaseConfig.fromUrl(server.url()), { schema: 'migrate' });
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

/** Whom COMMIT waits for; nobody when it is empty. */
async function waitForStandby(name: string): Promise<void> {
  await database.query(`alter system set synchronous_standby_names = '${name}'`);
  await database.query('select pg_reload_conf()');
  // The server takes a changed configuration over in its own time.
  await expect
    .poll(() => database.query('select current_setting($1) as names', ['synchronous_standby_names']))
    .toEqual([{ names: name }]);
}

const commitsThatWait = () => database.query(`select from pg_stat_activity where wait_event = 'SyncRep'`);

test('a portfolio that no standby has yet is not confirmed to who sends the command again', async () => {
  const blotter = new Blotter(database);
  const command = anyNewPortfolio();
  await waitForStandby('nobody');
  const controller = new AbortController();
  const first = expect(blotter.openPortfolio(command, { signal: controller.signal })).rejects.toMatchObject({
    code: 'AMBIGUOUS_COMMIT',
  });
  await expect.poll(commitsThatWait).toHaveLength(1);
  controller.abort();
  await first;
  // Everybody can see it now, though it was not replicated.
  await expect.poll(() => database.read.portfolios.find(command.id)).toMatchObject({ id: command.id });
  expect(await commitsThatWait()).toEqual([]);

  let isConfirmed = false;
  const again = blotter.openPortfolio(command).finally(() => {
    isConfirmed = true;
  });
  await expect.poll(async () => isConfirmed || (await commitsThatWait()).length === 1).toBe(true);
  expect(isConfirmed).toBe(false);
  await waitForStandby('');
  expect(await again).toMatchObject({ id: command.id, version: 1 });
});

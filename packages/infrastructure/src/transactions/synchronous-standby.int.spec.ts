import { Blotter, type WaitOptions } from '@blotter/application';
import { anyNewOrder, anyNewPortfolio, anyReportOf } from '@blotter/domain/testing';
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

/** What is sent twice, and how the effect of the first time is seen. */
interface Sent {
  readonly command: (wait?: WaitOptions) => Promise<unknown>;
  readonly effect: () => Promise<unknown>;
}

const commands: Record<string, (blotter: Blotter) => Sent | Promise<Sent>> = {
  'a portfolio': (blotter) => {
    const portfolio = anyNewPortfolio();
    return {
      command: (wait) => blotter.openPortfolio(portfolio, wait),
      effect: () => database.read.portfolios.find(portfolio.id),
    };
  },
  'a fill': async (blotter) => {
    const { id: portfolioId } = await blotter.openPortfolio(anyNewPortfolio());
    const report = anyReportOf(await blotter.placeOrder(anyNewOrder({ portfolioId })));
    return {
      command: (wait) => blotter.recordExecution(report, wait),
      effect: () => database.read.executions.find(report.id),
    };
  },
};

test.each(Object.entries(commands))(
  '%s that no standby has yet is not confirmed to who sends the command again',
  async (_, prepare) => {
    const { command, effect } = await prepare(new Blotter(database));
    await waitForStandby('nobody');
    const controller = new AbortController();
    const first = expect(command({ signal: controller.signal })).rejects.toMatchObject({ code: 'AMBIGUOUS_COMMIT' });
    await expect.poll(commitsThatWait).toHaveLength(1);
    controller.abort();
    await first;
    // Everybody can see it now, though it was not replicated.
    await expect.poll(effect).toBeDefined();
    expect(await commitsThatWait()).toEqual([]);

    let isConfirmed = false;
    const again = command().finally(() => {
      isConfirmed = true;
    });
    await expect.poll(async () => isConfirmed || (await commitsThatWait()).length === 1).toBe(true);
    expect(isConfirmed).toBe(false);
    await waitForStandby('');
    await again;
  },
);

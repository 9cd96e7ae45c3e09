import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { MigrationStage } from '../../test/migration-stage.js';
import { SeededRandom } from '../../test/seeded-random.js';

const RUNNERS = 5;
/** `npm run test:runners` sets both. */
const ROUNDS = Number(process.env['BLOTTER_TEST_RUNNER_ROUNDS'] ?? 4);
const SEED = Number(process.env['BLOTTER_TEST_SEED'] ?? 1);

test(
  `${RUNNERS} runners at once, ${ROUNDS} rounds of seed ${SEED}: each migration is applied exactly once, and no runner fails`,
  { timeout: 60_000 + ROUNDS * 10_000 },
  async () => {
    await using stage = await MigrationStage.open();
    await stage.write(
      '0001_accounts',
      'create table accounts (id int, cash int); insert into accounts values (1, 100);',
      'drop table accounts;',
    );
    await stage.write('0002_interest', 'update accounts set cash = cash + 5;', 'update accounts set cash = cash - 5;');
    await stage.write(
      '0003_index',
      '-- blotter: no-transaction\ncreate unique index concurrently if not exists accounts_key on accounts (id);',
      '-- blotter: no-transaction\ndrop index concurrently if exists accounts_key;',
    );
    await stage.write(
      '0004_name',
      'alter table accounts add column name text;',
      'alter table accounts drop column name;',
    );
    const random = new SeededRandom(SEED);

    for (let round = 0; round < ROUNDS; round += 1) {
      const schema = `round_${round}`;
      const migrator = () => stage.migrator({ schema });
      // Some rounds begin in the middle.
      const begun = random.pick(['', '0001', '0002', '0003']);
      if (begun !== '') await migrator().up({ to: begun });
      const together = <Result>(run: () => Promise<Result>) =>
        Promise.all(
          Array.from({ length: RUNNERS }, async () => {
            await sleep(random.below(30));
            return run();
          }),
        );

      const up = await together(() => migrator().up());
      const pending = ['0001', '0002', '0003', '0004'].filter((version) => version > begun);
      expect(up.flatMap(({ applied }) => applied.map(({ version }) => version)).sort()).toEqual(pending);
      expect(await stage.query(`select cash, name from ${schema}.accounts`)).toEqual([{ cash: 105, name: null }]);
      expect(
        await stage.query(
          `select indisvalid as valid from pg_index where indexrelid = '${schema}.accounts_key'::regclass`,
        ),
      ).toEqual([{ valid: true }]);

      const down = await together(() => migrator().down({ to: '0' }));
      expect(down.flatMap(({ reverted }) => reverted)).toHaveLength(4);
      const counts = await stage.query(
        `select action, count(*)::int as times from ${schema}.schema_migration_history group by 1 order by 1`,
      );
      expect(counts).toEqual([
        { action: 'down', times: 4 },
        { action: 'up', times: 4 },
      ]);
    }
  },
);

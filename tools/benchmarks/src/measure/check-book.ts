import { countRows, countWrongNewRows, countWrongRows } from '../book/exactness.js';
import type { Bench } from './bench.js';
import type { Lane } from './lane.js';

/** What a contestant wrote must be there and agree to the last decimal; variants that share a book share the verdict. */
export async function checkBook(
  { server }: Bench,
  { database, copiedFrom }: { readonly database: string; readonly copiedFrom: string },
  lanes: readonly Lane[],
): Promise<void> {
  const before = await server.connected(copiedFrom, countRows);
  await server.connected(database, async (sql) => {
    const after = await countRows(sql);
    const wrong = await countWrongRows(sql);
    const areSubmitted = lanes.some(({ variant }) => variant.operation === 'upsertOrders');
    const wrongNew = await countWrongNewRows(sql, areSubmitted);
    const done = lanes.reduce((sum, { operations }) => sum + operations, 0);
    const written = after.orders - before.orders + after.executions - before.executions;
    for (const lane of lanes) {
      if (wrong > 0) lane.fail(`${wrong} rows do not agree with their executions`);
      else if (wrongNew > 0) lane.fail(`${wrongNew} new rows are not what it was given`);
      else if (written < done) lane.fail(`${done - written} of ${done} writes are not there`);
      // Who failed midway may have written more than it could say.
      else if (written > done && !lanes.some(({ hasFailed }) => hasFailed))
        lane.fail(`${written - done} writes more than ${done} are there`);
      else lane.exact ??= true;
    }
  });
}

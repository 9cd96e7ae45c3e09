import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Session } from './session.js';

describe('a text with parameters', () => {
  let storage: TestDatabase;
  let session: Session;

  beforeEach(async () => {
    storage = await createTestDatabase();
    session = await Session.connect(storage.config);
  });
  afterEach(async () => {
    await session.close();
    await storage.drop();
  });

  const run = async (text: string, value: string) => (await session.statement(text, [value])).rows;
  const preparedTexts = async () =>
    (await session.query<{ statement: string }>('select statement from pg_prepared_statements order by 1')).rows.map(
      ({ statement }) => statement,
    );

  it('is prepared once for a session, however many use it at once before it is and after', async () => {
    const [one, other] = ['select $1::int as one', 'select $1::int as other'];
    for (let round = 0; round < 3; round += 1) {
      const numbers = Array.from({ length: 20 }, (_, number) => number + round);
      const rows = await Promise.all(
        numbers.map((number) => Promise.all([run(one, String(number)), run(other, String(number))])),
      );
      expect(rows).toEqual(numbers.map((number) => [[{ one: number }], [{ other: number }]]));
      expect(await preparedTexts()).toEqual([one, other]);
    }
  });

  it('that the server could not parse works as soon as it can', async () => {
    const text = 'select note from later where note = $1';
    await expect(run(text, 'first')).rejects.toMatchObject({ sqlState: '42P01' });
    await session.query("create table later (note text); insert into later values ('first')");
    for (let round = 0; round < 2; round += 1) expect(await run(text, 'first')).toEqual([{ note: 'first' }]);
    expect(await preparedTexts()).toEqual([text]);
  });

  it('whose value was refused works with others, the first time and later', async () => {
    const text = 'select $1::int as number';
    for (let round = 0; round < 2; round += 1) {
      await expect(run(text, 'none')).rejects.toMatchObject({ sqlState: '22P02' });
      for (const number of [1, 2]) expect(await run(text, String(number))).toEqual([{ number }]);
    }
    expect(await preparedTexts()).toEqual([text]);
  });
});

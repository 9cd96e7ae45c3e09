import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { Session } from '../database/session.js';
import { underMigrationLock } from './migration-lock.js';

let storage: TestDatabase;
let first: Session;
let second: Session;

beforeEach(async () => {
  storage = await createTestDatabase({ empty: true });
  [first, second] = await Promise.all([Session.connect(storage.config), Session.connect(storage.config)]);
});
afterEach(async () => {
  await Promise.all([first.close(), second.close()]);
  await storage.drop();
});

const nothing = () => Promise.resolve('done');

test('one session works under the lock at a time, and gives it back while it lives', async () => {
  await underMigrationLock(first, 0, () =>
    expect(underMigrationLock(second, 0, nothing)).rejects.toMatchObject({
      code: 'MIGRATION_RUNNING',
      message: expect.stringContaining(`process ${first.backendPid} of the server`) as string,
    }),
  );
  expect(await underMigrationLock(second, 0, nothing)).toBe('done');
  expect(first.isUsable).toBe(true);
});

test('the lock is given back when the work fails, and the failure is told', async () => {
  const failing = underMigrationLock(first, 0, () => first.query('select 1 / 0'));
  await expect(failing).rejects.toMatchObject({ sqlState: '22012' });
  expect(await underMigrationLock(second, 0, nothing)).toBe('done');
});

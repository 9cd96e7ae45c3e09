import {
  cashMovementRepositoryContract,
  executionRepositoryContract,
  markRepositoryContract,
  orderRepositoryContract,
  portfolioRepositoryContract,
  positionRepositoryContract,
  snapshotRepositoryContract,
  streamContract,
  transactionManagerContract,
  unitOfWorkContract,
  useCaseContract,
  type BookHarness,
} from '@blotter/application/testing/contracts';
import { afterAll, beforeAll, describe } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/test-database.js';
import { Database } from './database/database.js';

// What the in-memory adapter passes, PostgreSQL passes too: one suite per port.
describe('PostgreSQL', () => {
  let testDatabase: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = await Database.connect(testDatabase.config);
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  const harness = (): BookHarness => ({ factory: database, read: database.read });

  orderRepositoryContract(harness);
  positionRepositoryContract(harness);
  portfolioRepositoryContract(harness);
  executionRepositoryContract(harness);
  cashMovementRepositoryContract(harness);
  snapshotRepositoryContract(harness);
  markRepositoryContract(harness);
  streamContract(harness);
  unitOfWorkContract(harness);
  transactionManagerContract(harness);
  useCaseContract(harness);
});

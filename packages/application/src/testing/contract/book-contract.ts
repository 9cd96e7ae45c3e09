import { cashMovementRepositoryContract } from './cash-movement-repository-contract.js';
import type { MakeHarness } from './contract-case.js';
import { executionRepositoryContract } from './execution-repository-contract.js';
import { markRepositoryContract } from './mark-repository-contract.js';
import { orderRepositoryContract } from './order-repository-contract.js';
import { portfolioRepositoryContract } from './portfolio-repository-contract.js';
import { positionRepositoryContract } from './position-repository-contract.js';
import { snapshotRepositoryContract } from './snapshot-repository-contract.js';
import { streamContract } from './stream-contract.js';
import { transactionManagerContract } from './transaction-manager-contract.js';
import { unitOfWorkContract } from './unit-of-work-contract.js';
import { useCaseContract } from './use-case-contract.js';

/**
 * Every contract that an adapter must keep, as tests of vitest. Call it at the top of a test file.
 * @example bookContract(async () => { const db = await connect(url); return { factory: db, read: db.read, close: () => db.close() }; });
 */
export function bookContract(makeHarness: MakeHarness): void {
  portfolioRepositoryContract(makeHarness);
  orderRepositoryContract(makeHarness);
  positionRepositoryContract(makeHarness);
  executionRepositoryContract(makeHarness);
  cashMovementRepositoryContract(makeHarness);
  snapshotRepositoryContract(makeHarness);
  markRepositoryContract(makeHarness);
  streamContract(makeHarness);
  unitOfWorkContract(makeHarness);
  transactionManagerContract(makeHarness);
  useCaseContract(makeHarness);
}

import { cashMovementRepositoryContract } from './contract/cash-movement-repository-contract.js';
import { executionRepositoryContract } from './contract/execution-repository-contract.js';
import { markRepositoryContract } from './contract/mark-repository-contract.js';
import { orderRepositoryContract } from './contract/order-repository-contract.js';
import { portfolioRepositoryContract } from './contract/portfolio-repository-contract.js';
import { positionRepositoryContract } from './contract/position-repository-contract.js';
import { snapshotRepositoryContract } from './contract/snapshot-repository-contract.js';
import { transactionManagerContract } from './contract/transaction-manager-contract.js';
import { unitOfWorkContract } from './contract/unit-of-work-contract.js';
import { concurrentFillsCase } from './contract/use-case-concurrency-cases.js';
import { useCaseContract } from './contract/use-case-contract.js';
import { describeContract } from './contract/contract-case.js';
import { InMemoryBook } from './memory/in-memory-book.js';

function makeHarness() {
  const book = new InMemoryBook();
  return { factory: book, read: book.read };
}

orderRepositoryContract(makeHarness);
positionRepositoryContract(makeHarness);
portfolioRepositoryContract(makeHarness);
executionRepositoryContract(makeHarness);
cashMovementRepositoryContract(makeHarness);
snapshotRepositoryContract(makeHarness);
markRepositoryContract(makeHarness);
unitOfWorkContract(makeHarness);
transactionManagerContract(makeHarness);
useCaseContract(makeHarness);
describeContract('Many tasks', [concurrentFillsCase({ tasks: 50, fills: 20, portfolios: 10 })], makeHarness);

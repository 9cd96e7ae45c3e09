export { InMemoryBook } from './memory/in-memory-book.js';
export { SequentialIds } from './sequential-ids.js';
export { FixedClock, SteppingClock } from './test-clocks.js';
export { describeContract, type BookHarness, type ContractCase, type MakeHarness } from './contract/contract-case.js';
export {
  cashMovementRepositoryCases,
  cashMovementRepositoryContract,
} from './contract/cash-movement-repository-contract.js';
export { executionRepositoryCases, executionRepositoryContract } from './contract/execution-repository-contract.js';
export { markRepositoryCases, markRepositoryContract } from './contract/mark-repository-contract.js';
export { orderRepositoryCases, orderRepositoryContract } from './contract/order-repository-contract.js';
export { portfolioRepositoryCases, portfolioRepositoryContract } from './contract/portfolio-repository-contract.js';
export { positionRepositoryCases, positionRepositoryContract } from './contract/position-repository-contract.js';
export { snapshotRepositoryCases, snapshotRepositoryContract } from './contract/snapshot-repository-contract.js';
export { transactionManagerCases, transactionManagerContract } from './contract/transaction-manager-contract.js';
export { unitOfWorkCases, unitOfWorkContract } from './contract/unit-of-work-contract.js';
export { concurrentFillsCase } from './contract/use-case-concurrency-cases.js';
export { useCaseCases, useCaseContract } from './contract/use-case-contract.js';
export { expectExactBook } from './contract/recomputed-book.js';
export { bookContract } from './contract/book-contract.js';
export { anyDeposit, anySnapshot } from './contract/ledger-samples.js';
export { ordersInEveryStatus, ordersOfEveryShape } from './contract/order-samples.js';
export { portfoliosOfEveryShape } from './contract/portfolio-samples.js';
export { positionsOfEveryShape } from './contract/position-samples.js';
export {
  anyExecution,
  anyOrder,
  anyPortfolio,
  anyPosition,
  anyReport,
  randomId,
  randomTicker,
} from './contract/samples.js';

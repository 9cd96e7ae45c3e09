// What runs anywhere: nothing that is exported here may import vitest. What needs it is in ./contract/index.ts.
export { InMemoryBook } from './memory/in-memory-book.js';
export { SequentialIds } from './sequential-ids.js';
export { FixedClock, SteppingClock } from './test-clocks.js';
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

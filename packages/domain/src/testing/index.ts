export { anyUuid, testUuid } from './test-ids.js';
export { anyNewOrder, anyOrder } from './any-order.js';
export { anyExecution, anyExecutionOf, anyReport, anyReportOf } from './any-execution.js';
export { anyClosedPosition, anyMark, anyPosition } from './any-position.js';
export { anyFundedPortfolio, anyMovementOf, anyNewPortfolio, anyPortfolio } from './any-portfolio.js';
export {
  arbitraryAmount,
  arbitraryCommission,
  arbitraryMultiplier,
  arbitraryPrice,
  arbitraryQuantity,
} from './arbitrary-values.js';
export { arbitraryHistory } from './arbitrary-history.js';
export type { CashStep, ExecutionStep, HistoryStep } from './history-step.js';
export { historyCommands, historyPortfolio, type HistoryCommand } from './history-commands.js';
export { runHistory, type HistoryRun, type HistoryState } from './run-history.js';
export type { Coverage } from './coverage.js';
export { arbitraryOrder } from './arbitrary-order.js';
export { referenceBook, type LotFigures, type ReferenceBook } from './reference-book.js';

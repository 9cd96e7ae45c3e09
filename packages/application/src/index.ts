export * from './errors.js';
export { DUPLICATE_KEYS, type DuplicateKey } from './duplicate-keys.js';
export { Blotter, type BlotterOptions } from './blotter.js';
export { systemClock, type Clock } from './clock.js';
export type { IdGenerator } from './id-generator.js';
export { silentLogger, type LogAttributes, type Logger } from './logging/logger.js';
export { everyItem } from './paging/every-item.js';
export {
  decodeCursor,
  encodeCursor,
  pageLimit,
  pageOf,
  type Cursor,
  type Page,
  type PageRequest,
} from './paging/page.js';
export type {
  PortfolioReader,
  PortfolioRepository,
  PortfolioWithPositions,
} from './portfolios/portfolio-repository.js';
export type { CashMovementReader, CashMovementRepository } from './portfolios/cash-movement-repository.js';
export { openPortfolio } from './portfolios/open-portfolio.js';
export { deposit, withdraw, type MoveCash } from './portfolios/move-cash.js';
export type { ClientOrderKey, MultiplierKey, OrderReader, OrderRepository } from './orders/order-repository.js';
export { placeOrder, type PlaceOrder } from './orders/place-order.js';
export { placeOrders } from './orders/place-orders.js';
export { markSubmitted, type MarkSubmitted } from './orders/mark-submitted.js';
export { cancelOrder, expireOrder, rejectOrder, type CloseOrder, type RejectOrder } from './orders/close-order.js';
export type { OpenPositionKey, PositionReader, PositionRepository } from './positions/position-repository.js';
export type { ExecutionReader, ExecutionRepository, FillBasis, FillKey } from './executions/execution-repository.js';
export { recordExecution, type RecordedExecution } from './executions/record-execution.js';
export { recordExecutions } from './executions/record-executions.js';
export type { MarkReader, MarkRepository } from './marks/mark-repository.js';
export { markToMarket } from './marks/mark-to-market.js';
export type { SnapshotReader, SnapshotRepository } from './snapshots/snapshot-repository.js';
export { takeSnapshot, type TakeSnapshot } from './snapshots/take-snapshot.js';
export { GroupedCommands, type Grouping } from './transactions/grouped-commands.js';
export { Interruption, type WaitOptions } from './transactions/interruption.js';
export {
  isRepeatable,
  RETRY_TABLE,
  withRetry,
  type RepeatableByChoice,
  type Retry,
  type RetryOptions,
} from './transactions/retry.js';
export { timerMs } from './transactions/timer-ms.js';
export { TransactionManager, type Work } from './transactions/transaction-manager.js';
export { untilKnown, type UntilKnownOptions } from './transactions/until-known.js';
export type {
  BookReader,
  IsolationLevel,
  TransactionOptions,
  UnitOfWork,
  UnitOfWorkFactory,
} from './transactions/unit-of-work.js';
export {
  inSendingOrder,
  WriteSet,
  type EntityWrite,
  type FactWrite,
  type Write,
  type WriteSetMemory,
} from './transactions/write-set.js';

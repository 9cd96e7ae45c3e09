import type { Execution, ExecutionId, ExecutionKey, OrderId, PortfolioId } from '@blotter/domain';
import type { Page, PageRequest } from '../paging/page.js';

/** Executions: append-only. Lists are sorted by sequence. */
export interface ExecutionReader {
  find(id: ExecutionId): Promise<Execution | undefined>;
  /** The execution that the broker's report names, recorded before. */
  findByKey(key: ExecutionKey): Promise<Execution | undefined>;
  /** Those there are of the executions that these reports name, in no order. */
  findAllByKey(keys: readonly ExecutionKey[]): Promise<readonly Execution[]>;
  list(portfolioId: PortfolioId, page?: PageRequest): Promise<Page<Execution>>;
  listByOrder(orderId: OrderId, page?: PageRequest): Promise<Page<Execution>>;
}

export interface ExecutionRepository extends ExecutionReader {
  /** Registers the execution to be stored. */
  add(execution: Execution): void;
}

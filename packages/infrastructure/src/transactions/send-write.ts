import type { Write } from '@blotter/application';
import type { EntityKind } from '@blotter/domain';
import type { Parameters, Statement } from '../database/statement.js';
import type { Transaction } from '../database/transaction.js';
import { executionToRow } from '../executions/execution-mapper.js';
import { insertExecution } from '../executions/postgres-execution-repository.js';
import { markToRow, upsertMark } from '../marks/postgres-mark-repository.js';
import { orderToRow } from '../orders/order-mapper.js';
import { deleteOrder, insertOrder, updateOrder } from '../orders/order-statements.js';
import { cashMovementToRow, insertCashMovement } from '../portfolios/postgres-cash-movement-repository.js';
import { portfolioToRow } from '../portfolios/portfolio-mapper.js';
import { deletePortfolio, insertPortfolio, updatePortfolio } from '../portfolios/portfolio-statements.js';
import { positionToRow } from '../positions/position-mapper.js';
import { deletePosition, insertPosition, updatePosition } from '../positions/position-statements.js';
import { insertSnapshot } from '../snapshots/postgres-snapshot-repository.js';
import { snapshotToRow } from '../snapshots/snapshot-mapper.js';

interface Sendable {
  readonly statement: Statement<unknown>;
  readonly parameters: Parameters;
  readonly id: string;
}

const ENTITY_STATEMENTS = {
  portfolio: { insert: insertPortfolio, update: updatePortfolio, delete: deletePortfolio },
  order: { insert: insertOrder, update: updateOrder, delete: deleteOrder },
  position: { insert: insertPosition, update: updatePosition, delete: deletePosition },
} as const;

/** Sends one write of a unit of work; its error names the entity. */
export async function sendWrite(transaction: Transaction, write: Write): Promise<void> {
  const { statement, parameters, id } = sendable(write);
  const entity: EntityKind = write.kind;
  await transaction.run(statement, parameters, { entity, id });
}

function sendable(write: Write): Sendable {
  switch (write.kind) {
    case 'portfolio':
      return {
        statement: ENTITY_STATEMENTS.portfolio[write.action],
        parameters: versioned(portfolioToRow(write.entity), write),
        id: write.entity.id,
      };
    case 'order':
      return {
        statement: ENTITY_STATEMENTS.order[write.action],
        parameters: versioned(orderToRow(write.entity), write),
        id: write.entity.id,
      };
    case 'position':
      return {
        statement: ENTITY_STATEMENTS.position[write.action],
        parameters: versioned(positionToRow(write.entity), write),
        id: write.entity.id,
      };
    case 'execution':
      return { statement: insertExecution, parameters: executionToRow(write.fact), id: write.fact.id };
    case 'cash movement':
      return { statement: insertCashMovement, parameters: cashMovementToRow(write.fact), id: write.fact.id };
    case 'snapshot':
      return { statement: insertSnapshot, parameters: snapshotToRow(write.fact), id: write.fact.id };
    case 'mark':
      return { statement: upsertMark, parameters: markToRow(write.fact), id: write.fact.symbol };
  }
}

function versioned(row: Parameters, write: { readonly action: string; readonly expected?: number }): Parameters {
  return write.expected === undefined ? row : { ...row, expected: write.expected };
}

import type { ExecutionReport } from '../executions/index.js';
import { OrderTerms, type NewOrder } from '../orders/index.js';
import type { CashMovement, NewPortfolio } from '../portfolios/index.js';
import {
  BrokerExecutionId,
  CashMovementId,
  ClientOrderId,
  Currency,
  ExecutionId,
  OrderId,
  PortfolioId,
  Timestamp,
  Venue,
} from '../values/index.js';
import type { ExecutionStep, HistoryStep } from './history-step.js';
import { testUuid } from './test-ids.js';

/** A step with ids and times: what the use cases of the application take. */
export type HistoryCommand =
  | { readonly kind: 'deposit' | 'withdrawal'; readonly movement: Omit<CashMovement, 'kind' | 'sequence'> }
  | {
      readonly kind: 'execution';
      /** The order that is filled. To be placed when it is not: some orders have several executions. */
      readonly order: NewOrder;
      readonly report: ExecutionReport;
    };

const START = Date.UTC(2026, 0, 5, 9);
const MAX_STEPS = 100_000;
const kinds = { portfolio: 1, order: 2, execution: 3, movement: 4 };

/** The portfolio of a history. `run` keeps the portfolios of several histories in one database apart. */
export function historyPortfolio(run = 1): NewPortfolio {
  return {
    id: PortfolioId.of(testUuid(run, kinds.portfolio)),
    name: `history ${run}`,
    currency: Currency.of('USD'),
    openedAt: at(0),
  };
}

/** One command for each step, in its order; the same steps and run always make the same commands. */
export function historyCommands(steps: readonly HistoryStep[], run = 1): HistoryCommand[] {
  return steps.map((step, index): HistoryCommand => {
    const portfolioId = historyPortfolio(run).id;
    const number = run * MAX_STEPS + index;
    if (step.kind !== 'execution') {
      const id = CashMovementId.of(testUuid(number, kinds.movement));
      return { kind: step.kind, movement: { id, portfolioId, amount: step.amount, at: at(index) } };
    }
    const order = orderOf(step, portfolioId, run);
    return {
      kind: 'execution',
      order,
      report: {
        id: ExecutionId.of(testUuid(number, kinds.execution)),
        portfolioId,
        orderId: order.id,
        venue: Venue.of('TEST'),
        brokerExecutionId: BrokerExecutionId.of(`fill-${number}`),
        symbol: step.symbol,
        side: step.side,
        quantity: step.quantity,
        price: step.price,
        multiplier: step.multiplier,
        commission: step.commission,
        executedAt: at(index),
      },
    };
  });
}

function orderOf(step: ExecutionStep, portfolioId: PortfolioId, run: number): NewOrder {
  const number = run * MAX_STEPS + step.order;
  return {
    id: OrderId.of(testUuid(number, kinds.order)),
    portfolioId,
    clientOrderId: ClientOrderId.of(`order-${number}`),
    symbol: step.symbol,
    side: step.side,
    quantity: step.orderQuantity,
    terms: OrderTerms.market,
    timeInForce: 'GTC',
    multiplier: step.multiplier,
    currency: step.commission.currency,
    createdAt: at(0),
  };
}

function at(index: number): Timestamp {
  return Timestamp.of(new Date(START + index * 1000));
}

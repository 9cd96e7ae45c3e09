import type { Currency, Execution, Order, OrderId, PortfolioId } from '@blotter/domain';
import { IntegrityError } from '../../errors.js';
import type { BookRows, BookView, RowKind } from './book-rows.js';

/** A row that another one needs, and whether it is the right one. */
interface Reference {
  readonly constraint: string;
  readonly kind: 'portfolio' | 'order';
  readonly id: string;
  readonly isKept: (view: BookView) => boolean;
}

function toPortfolio(constraint: string, id: PortfolioId, currency: Currency): Reference {
  return { constraint, kind: 'portfolio', id, isKept: (view) => view.row('portfolio', id)?.currency === currency };
}

function toOrder(constraint: string, id: OrderId, execution: Execution): Reference {
  const isOf = (order: Order) =>
    order.portfolioId === execution.portfolioId && order.symbol === execution.symbol && order.side === execution.side;
  const isKept = (view: BookView) => {
    const order = view.row('order', id);
    return order !== undefined && isOf(order);
  };
  return { constraint, kind: 'order', id, isKept };
}

/** The names are those of the PostgreSQL schema, so that an error says the same in both. */
const REFERENCES: { readonly [Kind in RowKind]: (row: BookRows[Kind]) => readonly Reference[] } = {
  portfolio: () => [],
  order: (row) => [toPortfolio('orders_portfolio_fkey', row.portfolioId, row.currency)],
  position: (row) => [toPortfolio('positions_portfolio_fkey', row.portfolioId, row.currency)],
  execution: (row) => [
    toPortfolio('executions_portfolio_fkey', row.portfolioId, row.currency),
    toOrder('executions_order_fkey', row.orderId, row),
  ],
  'cash movement': (row) => [toPortfolio('cash_movements_portfolio_fkey', row.portfolioId, row.amount.currency)],
  snapshot: (row) => [toPortfolio('portfolio_snapshots_portfolio_fkey', row.portfolioId, row.cash.currency)],
  mark: () => [],
};

const CHILDREN = ['order', 'position', 'execution', 'cash movement', 'snapshot'] as const satisfies RowKind[];

/** @throws IntegrityError when the row refers to one that is not there */
export function checkParents<Kind extends RowKind>(view: BookView, kind: Kind, id: string, row: BookRows[Kind]): void {
  const broken = referencesOf(kind, [row]).find((reference) => !reference.isKept(view));
  if (broken) throw new IntegrityError(broken.constraint, { entity: kind, id });
}

/** @throws IntegrityError when another row refers to the one that is removed */
export function checkNoChildren(view: BookView, kind: RowKind, id: string): void {
  for (const child of CHILDREN) {
    const reference = referencesOf(child, view.rows(child)).find((each) => each.kind === kind && each.id === id);
    if (reference) throw new IntegrityError(reference.constraint, { entity: kind, id });
  }
}

function referencesOf<Kind extends RowKind>(kind: Kind, rows: readonly BookRows[Kind][]): Reference[] {
  return rows.flatMap((row) => REFERENCES[kind](row));
}

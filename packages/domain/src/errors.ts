/** What every error of Blotter carries: a code that never changes, and the entity it is about. */
export interface ErrorDetails {
  readonly entity?: EntityKind | undefined;
  readonly id?: string | undefined;
  readonly cause?: unknown;
}

export type EntityKind = 'portfolio' | 'order' | 'position' | 'execution' | 'cash movement' | 'snapshot' | 'mark';

/**
 * The root of every error that Blotter throws. Programs branch on `code`, people read `message`;
 * neither ever contains a secret, SQL, or the value of an amount, price or quantity.
 */
export abstract class BlotterError extends Error {
  abstract readonly code: string;
  readonly entity: EntityKind | undefined;
  readonly id: string | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.name = new.target.name;
    this.entity = details.entity;
    this.id = details.id;
  }
}

export type ValidationCode =
  | 'NOT_A_DECIMAL'
  | 'FLOAT_REFUSED'
  | 'NOT_MONEY'
  | 'TOO_MANY_DECIMALS'
  | 'OUT_OF_RANGE'
  | 'MUST_NOT_BE_NEGATIVE'
  | 'MUST_BE_POSITIVE'
  | 'UNKNOWN_CURRENCY'
  | 'INVALID_TICKER'
  | 'INVALID_ID'
  | 'INVALID_TEXT'
  | 'INVALID_TAGS'
  | 'INVALID_TIMESTAMP'
  | 'INVALID_VERSION'
  | 'INVALID_LIMITS'
  | 'INVALID_ORDER'
  | 'INVALID_EXECUTION'
  | 'INVALID_POSITION'
  | 'INVALID_PORTFOLIO'
  | 'INVALID_PERIOD'
  | 'INVALID_PAGE';

/** The input is malformed. Nothing was changed or written; repeating it unchanged cannot help. */
export class ValidationError extends BlotterError {
  constructor(
    readonly code: ValidationCode,
    message: string,
    details?: ErrorDetails,
  ) {
    super(message, details);
  }
}

/** Two amounts of different currencies met. Convert first: Blotter never converts by itself. */
export class CurrencyMismatchError extends BlotterError {
  readonly code = 'CURRENCY_MISMATCH';

  constructor(
    readonly expected: string,
    readonly actual: string,
  ) {
    super(
      `Expected an amount in ${expected}, got one in ${actual}. Convert it first: amounts are never converted implicitly.`,
    );
  }
}

const MULTIPLIER_ADVICE = {
  order: 'Give the order their multiplier, or place it when they are closed.',
  execution: 'Record the execution again when that position is closed.',
} as const;

/**
 * An order has another multiplier than the open position or an active order in its symbol, or a fill than the open position.
 * A position has one multiplier: the quantity, the cost and the average price of a mixture would mean nothing.
 */
export class MultiplierMismatchError extends BlotterError {
  readonly code = 'MULTIPLIER_MISMATCH';

  constructor(
    entity: keyof typeof MULTIPLIER_ADVICE,
    id: string,
    readonly symbol: string,
  ) {
    super(
      `What is held or ordered of ${symbol} has another multiplier. ${MULTIPLIER_ADVICE[entity]} Contracts of another size are another instrument, under a symbol of their own.`,
      { entity, id },
    );
  }
}

/** The order's life has no such step; see `ORDER_TRANSITIONS`. */
export class InvalidTransitionError extends BlotterError {
  readonly code = 'INVALID_TRANSITION';

  constructor(
    readonly from: string,
    readonly event: string,
    orderId: string,
  ) {
    super(`An order that is ${from} cannot take the step "${event}".`, { entity: 'order', id: orderId });
  }
}

/** The portfolio has less cash than is to be withdrawn. */
export class InsufficientCashError extends BlotterError {
  readonly code = 'INSUFFICIENT_CASH';

  constructor(portfolioId: string) {
    super('The withdrawal is larger than the cash of the portfolio. Deposit first, or withdraw less.', {
      entity: 'portfolio',
      id: portfolioId,
    });
  }
}

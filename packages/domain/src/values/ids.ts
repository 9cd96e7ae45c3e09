import { ValidationError } from '../errors.js';
import type { Brand } from './brand.js';
import { boundedText } from './text.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The parser of one branded string: the only way to make one. */
interface Parser<Id> {
  /** @throws ValidationError INVALID_ID for an id of ours, INVALID_TEXT for a name that others gave */
  of(text: string): Id;
}

function uuid<Id extends Brand<string>>(what: string): Parser<Id> {
  return {
    of(text) {
      if (typeof text !== 'string' || !UUID.test(text)) {
        throw new ValidationError('INVALID_ID', `The ${what} must be a UUID in lower case.`);
      }
      return text as Id;
    },
  };
}

function label<Id extends Brand<string>>(what: string, max: number): Parser<Id> {
  return { of: (text) => boundedText(text, what, max) as Id };
}

// Ids are UUIDs that the caller makes, version 7 where it can choose: their order is their time, which keeps indexes dense.
export type PortfolioId = Brand<'PortfolioId'>;
export const PortfolioId = uuid<PortfolioId>('portfolio id');
export type OrderId = Brand<'OrderId'>;
export const OrderId = uuid<OrderId>('order id');
export type ExecutionId = Brand<'ExecutionId'>;
export const ExecutionId = uuid<ExecutionId>('execution id');
/** A position's id is the id of the execution that opened it: the fold of the executions makes the same positions every time. */
export type PositionId = Brand<'PositionId'>;
export const PositionId = uuid<PositionId>('position id');
export type CashMovementId = Brand<'CashMovementId'>;
export const CashMovementId = uuid<CashMovementId>('cash movement id');
export type SnapshotId = Brand<'SnapshotId'>;
export const SnapshotId = uuid<SnapshotId>('snapshot id');

/** The caller's own name of an order, unique in its portfolio (FIX tag 11, ClOrdID). */
export type ClientOrderId = Brand<'ClientOrderId'>;
export const ClientOrderId = label<ClientOrderId>('client order id', 64);
/** The broker's name of an order (FIX tag 37, OrderID), unique in its portfolio. */
export type BrokerOrderId = Brand<'BrokerOrderId'>;
export const BrokerOrderId = label<BrokerOrderId>('broker order id', 64);
/** The broker's name of an execution (FIX tag 17, ExecID), unique for portfolio, venue, symbol and side. */
export type BrokerExecutionId = Brand<'BrokerExecutionId'>;
export const BrokerExecutionId = label<BrokerExecutionId>('broker execution id', 64);
/** Where an execution happened (FIX tag 30, LastMkt): a market identifier code, or the broker's name for the place. */
export type Venue = Brand<'Venue'>;
export const Venue = label<Venue>('venue', 32);
/** The strategy that a portfolio, an order or a position belongs to. */
export type StrategyName = Brand<'StrategyName'>;
export const StrategyName = label<StrategyName>('strategy', 64);

/** @throws ValidationError INVALID_TEXT */
export function optionalStrategy(strategy: StrategyName | undefined): StrategyName | undefined {
  return strategy === undefined ? undefined : StrategyName.of(strategy);
}

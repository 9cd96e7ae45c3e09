export { Decimal, ratio, type DecimalInput } from './decimal.js';
export { INTEGER_DIGITS, SCALE } from './fixed-point.js';
export { Currency } from './currency.js';
export { Money } from './money.js';
export { Multiplier } from './multiplier.js';
export { Price } from './price.js';
export { Quantity } from './quantity.js';
export { Ticker } from './ticker.js';
export { Timestamp } from './timestamp.js';
export { Tags } from './tags.js';
export {
  BrokerExecutionId,
  BrokerOrderId,
  CashMovementId,
  ClientOrderId,
  ExecutionId,
  OrderId,
  PortfolioId,
  PositionId,
  SnapshotId,
  StrategyName,
  Venue,
} from './ids.js';

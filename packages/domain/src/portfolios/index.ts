export { CASH_MOVEMENT_KINDS, cashMovement, type CashMovement, type CashMovementKind } from './cash-movement.js';
export { exposureBreaches, type Exposure, type LimitBreach, type Proposal } from './exposure.js';
export { hasLimits, type LimitName, type PortfolioLimits } from './limits.js';
export { Portfolio } from './portfolio.js';
export type { NewPortfolio, PortfolioState } from './portfolio-state.js';
export {
  marketValueOf,
  snapshotEquity,
  snapshotOf,
  type MarkedPosition,
  type MarkPrices,
  type PortfolioSnapshot,
} from './snapshot.js';

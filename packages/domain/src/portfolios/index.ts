export { CASH_MOVEMENT_KINDS, cashMovement, type CashMovement, type CashMovementKind } from './cash-movement.js';
export { exposureBreaches, type LimitBreach } from './breaches.js';
export { valuationPrice, type Exposure, type Leaves, type Proposal } from './exposure.js';
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

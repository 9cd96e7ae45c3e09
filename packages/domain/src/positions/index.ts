export { applyExecution, type PositionChange } from './apply-execution.js';
export type { Fill } from './fill.js';
export { Position } from './position.js';
export type { PositionOrigin, PositionSide, PositionState } from './position-state.js';

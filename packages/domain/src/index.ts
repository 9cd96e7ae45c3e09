export * from './errors.js';
export * from './values/index.js';
export * from './orders/index.js';
export * from './executions/index.js';
export * from './positions/index.js';
export * from './portfolios/index.js';
export * from './marks/index.js';
export * from './performance/index.js';

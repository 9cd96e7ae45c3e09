export { Execution, type ExecutionKey, type ExecutionReport, type ExecutionState } from './execution.js';

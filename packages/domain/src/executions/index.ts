export { Execution, type ExecutionState } from './execution.js';
export { checkedReport, type ExecutionKey, type ExecutionReport } from './execution-report.js';

import type { Workload } from './workload.js';

/** Nobody else has a way for it: what their fills come to, one by one, is in record-fill. */
export const bulkFills: Workload = {
  name: 'bulk-fills',
  kind: 'bulk',
  variants: [{ name: 'record fills in bulk', operation: 'recordFills', book: 'small', tasks: 1, isLong: true }],
};

import type { Workload } from './workload.js';

export const bulkOrders: Workload = {
  name: 'bulk-orders',
  kind: 'bulk',
  variants: [{ name: 'add orders in bulk', operation: 'saveOrders', book: 'small', tasks: 1, isLong: true }],
};

import type { Workload } from './workload.js';

export const upsertOrders: Workload = {
  name: 'upsert-orders',
  kind: 'bulk',
  variants: [{ name: 'upsert orders in bulk', operation: 'upsertOrders', book: 'small', tasks: 1, isLong: true }],
};

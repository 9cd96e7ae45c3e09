import type { Workload } from './workload.js';

export const streamOrders: Workload = {
  name: 'stream-orders',
  kind: 'reads',
  variants: [
    { name: 'stream all orders, large book', operation: 'streamOrders', book: 'large', tasks: 1, isLong: true },
  ],
};

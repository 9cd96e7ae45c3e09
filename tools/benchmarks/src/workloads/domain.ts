import type { Workload } from './workload.js';

/** No database: what the entities alone could do. */
export const domain: Workload = {
  name: 'domain',
  kind: 'reads',
  variants: [
    { name: 'an order through three fills, in memory', operation: 'liveThroughOrder', book: 'small', tasks: 1 },
  ],
};

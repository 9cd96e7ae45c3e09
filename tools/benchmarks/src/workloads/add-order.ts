import type { Workload } from './workload.js';

export const addOrder: Workload = {
  name: 'add-order',
  kind: 'writes',
  variants: [
    { name: 'add an order, 8 tasks', operation: 'addOrder', book: 'small', tasks: 8 },
    { name: 'add an order, 64 tasks', operation: 'addOrder', book: 'small', tasks: 64 },
    { name: 'add an order, 8 tasks, large book', operation: 'addOrder', book: 'large', tasks: 8 },
    { name: 'add an order, 64 tasks, grouped', operation: 'addOrderGrouped', book: 'small', tasks: 64 },
  ],
};

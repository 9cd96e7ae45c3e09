import { SIZES, type Workload } from './workload.js';

/** Portfolio 1 has a fifth of all orders: at half of them, and with a million in all, the page is 100,000 orders deep. */
export const orderLists: Workload = {
  name: 'order-lists',
  kind: 'reads',
  variants: SIZES.flatMap((book) => [
    { name: `active orders of a portfolio, ${book} book`, operation: 'activeOrders', book, tasks: 8 },
    { name: `first page of orders, ${book} book`, operation: 'ordersPage', book, tasks: 8 },
    { name: `page of orders at half, ${book} book`, operation: 'ordersPage', book, tasks: 8, depth: 0.5 },
  ]),
};

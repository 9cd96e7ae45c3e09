import { SIZES, type Workload } from './workload.js';

export const orderById: Workload = {
  name: 'order-by-id',
  kind: 'reads',
  variants: SIZES.flatMap((book) => [
    { name: `order by id, 1 caller, ${book} book`, operation: 'findOrder', book, tasks: 1 },
    { name: `order by id, 64 callers, ${book} book`, operation: 'findOrder', book, tasks: 64 },
  ]),
};

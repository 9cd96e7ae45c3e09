import type { Workload } from './workload.js';

export const orderById: Workload = {
  name: 'order-by-id',
  title: 'Order by id',
  kind: 'reads',
  variants: (['small', 'large'] as const).flatMap((book) =>
    [1, 64].map((tasks) => ({
      name: `order by id, ${tasks === 1 ? '1 caller' : `${tasks} callers`}, ${book}`,
      operation: 'findOrder',
      book,
      tasks,
    })),
  ),
};

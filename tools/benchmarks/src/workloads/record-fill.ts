import type { Variant, Workload } from './workload.js';

const fill = (name: string, tasks: number, more: Partial<Variant> = {}): Variant => ({
  name: `record a fill, ${name}`,
  operation: 'recordFill',
  book: 'small',
  tasks,
  ...more,
});

export const recordFill: Workload = {
  name: 'record-fill',
  kind: 'writes',
  variants: [
    fill('1 task', 1),
    fill('8 tasks', 8),
    fill('64 tasks', 64),
    fill('64 tasks, grouped', 64, { operation: 'recordFillGrouped' }),
    fill('8 tasks, large book', 8, { book: 'large' }),
    fill('1 task, 1 ms', 1, { delayed: true }),
    fill('8 tasks, 1 ms', 8, { delayed: true }),
    fill('64 tasks on one portfolio', 64, { portfolios: 1 }),
    fill('64 tasks on one portfolio, grouped', 64, { portfolios: 1, operation: 'recordFillGrouped' }),
  ],
};

import type { Workload } from './workload.js';

const of = (name: string, unit: 'ms' | 'MB') =>
  ({ name, operation: 'findOrder', book: 'small', tasks: 1, unit }) as const;

export const IMPORT = of('start-up: load the packages', 'ms');
export const FIRST_QUERY = of('start-up: from loading to the first answer', 'ms');
export const MEMORY_AT_REST = of('start-up: memory at rest, connected', 'MB');

export const startUp: Workload = {
  name: 'start-up',
  kind: 'start-up',
  variants: [IMPORT, FIRST_QUERY, MEMORY_AT_REST],
};

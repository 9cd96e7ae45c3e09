import { SIZES, type Workload } from './workload.js';

export const snapshots: Workload = {
  name: 'snapshots',
  kind: 'reads',
  variants: SIZES.map((book) => ({
    name: `snapshots of ten years, ${book} book`,
    operation: 'snapshots',
    book,
    tasks: 1,
  })),
};

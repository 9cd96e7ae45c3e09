import { SIZES, type Workload } from './workload.js';

export const portfolio: Workload = {
  name: 'portfolio',
  kind: 'reads',
  variants: SIZES.map((book) => ({
    name: `portfolio with its positions, ${book} book`,
    operation: 'portfolioWithPositions',
    book,
    tasks: 8,
  })),
};

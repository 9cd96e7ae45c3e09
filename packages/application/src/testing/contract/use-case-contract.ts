import { describeContract, type ContractCase, type MakeHarness } from './contract-case.js';
import { bulkCases } from './use-case-bulk-cases.js';
import { cashCases } from './use-case-cash-cases.js';
import { concurrentFillsCase } from './use-case-concurrency-cases.js';
import { executionCases } from './use-case-execution-cases.js';
import { groupCases } from './use-case-group-cases.js';
import { limitCases } from './use-case-limit-cases.js';
import { multiplierCases } from './use-case-multiplier-cases.js';
import { orderCases } from './use-case-order-cases.js';
import { valuationCases } from './use-case-valuation-cases.js';

/** What the use cases do over every adapter. */
export function useCaseContract(makeHarness: MakeHarness, name = 'Use cases'): void {
  describeContract(name, useCaseCases(), makeHarness);
}

export function useCaseCases(): ContractCase[] {
  return [
    ...cashCases,
    ...orderCases,
    ...multiplierCases,
    ...limitCases,
    ...executionCases,
    ...bulkCases,
    ...groupCases,
    ...valuationCases,
    concurrentFillsCase({ tasks: 8, fills: 5, portfolios: 3 }),
  ];
}

import { describeContract, type ContractCase, type MakeHarness } from './contract-case.js';
import { deferredErrorCases } from './unit-of-work-error-cases.js';
import { endingCases } from './unit-of-work-ending-cases.js';
import { lockCases } from './unit-of-work-lock-cases.js';
import { oneTaskCases } from './unit-of-work-one-task-cases.js';
import { optionCases, refreshCases } from './unit-of-work-reading-cases.js';
import { savepointCases } from './unit-of-work-savepoint-cases.js';
import { waitingCases } from './unit-of-work-waiting-cases.js';
import { mergingCases, visibilityCases } from './unit-of-work-writing-cases.js';

/** What every UnitOfWork does. */
export function unitOfWorkContract(makeHarness: MakeHarness, name = 'UnitOfWork'): void {
  describeContract(name, unitOfWorkCases(), makeHarness);
}

export function unitOfWorkCases(): ContractCase[] {
  return [
    ...endingCases,
    ...visibilityCases,
    ...mergingCases,
    ...deferredErrorCases,
    ...savepointCases,
    ...oneTaskCases,
    ...waitingCases,
    ...refreshCases,
    ...lockCases,
    ...optionCases,
  ];
}

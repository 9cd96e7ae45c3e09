import { ValidationError } from '../errors.js';

/** How many periods of the series make a year: 252 for trading days, 365 where trading never rests, 12 for months. */
export interface PerYear {
  readonly periodsPerYear: number;
}

/** One a second. Beyond it an annualised figure has no use, and no bound on its digits. */
const MOST = 366 * 24 * 60 * 60;

/** @throws ValidationError INVALID_PERIOD unless above 0 and at most one a second. It need not be whole: 365.25 will do. */
export function checkedPeriodsPerYear(periodsPerYear: number): number {
  if (!(periodsPerYear > 0 && periodsPerYear <= MOST)) {
    throw new ValidationError(
      'INVALID_PERIOD',
      `The periods per year must be above 0 and at most ${MOST}, such as 252 for trading days.`,
    );
  }
  return periodsPerYear;
}

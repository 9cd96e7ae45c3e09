import { Price, Quantity } from '@blotter/domain';
import { everythingSaidBy } from './everything-said-by.js';

/** In every text: names, tags, the brokers' ids, parameters, passwords, SQL. */
export const CANARY = 'canary';
/** The digits of every price, quantity and amount, wherever their point is. */
const DIGITS = '31337424242';
export const CANARY_PRICE = Price.of('31337.424242');
export const CANARY_QUANTITY = Quantity.of('3133.7424242');
export const CANARY_AMOUNT = '31337424242';

/** The canaries that a value shows, in whatever way. */
export function canariesIn(value: unknown): string[] {
  const said = everythingSaidBy(value).replaceAll(/[.,_]/g, '');
  return [CANARY, DIGITS].filter((canary) => said.includes(canary));
}

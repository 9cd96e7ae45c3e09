import { Decimal, type Money, type Timestamp } from '@blotter/domain';

/** What a figure shows that is not defined: no stand-in number. */
const UNDEFINED = '–';

/** "-1,234.50": rounded half to even to the decimals shown. */
export function grouped(value: Decimal, decimals = 2): string {
  const [whole = '', fraction] = value.toFixed(decimals, Decimal.ROUND_HALF_EVEN).split('.');
  const withCommas = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
}

/** "1,234.50 USD" */
export function amount(money: Money | undefined): string {
  return money ? `${grouped(money.toDecimal())} ${money.currency}` : UNDEFINED;
}

/** "12.34 %" of 0.1234 */
export function percentage(ratio: Decimal | undefined): string {
  return ratio ? `${grouped(ratio.times(100))} %` : UNDEFINED;
}

/** "1.23" */
export function plain(value: Decimal | undefined): string {
  return value ? grouped(value) : UNDEFINED;
}

/** "1,234" */
export function count(value: number): string {
  return grouped(new Decimal(Math.round(value)), 0);
}

/** "2015-01-02" */
export function day(moment: Timestamp | undefined): string {
  return moment === undefined ? UNDEFINED : moment.slice(0, 10);
}

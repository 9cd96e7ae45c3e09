import fc from 'fast-check';
import { unitsToString } from '../values/fixed-point.js';
import { Currency, Money, Multiplier, Price, Quantity, type Currency as CurrencyCode } from '../values/index.js';

const USD = Currency.of('USD');

/**
 * Units of 10^-18 above zero and below 100,000: whole numbers, cents, satoshis, wei.
 * The number of digits is drawn first, so that tiny values are as frequent as large ones.
 */
function positiveUnits(): fc.Arbitrary<bigint> {
  return fc.constantFrom(0, 2, 8, 18).chain((decimals) =>
    fc
      .integer({ min: 1, max: decimals + 5 })
      .chain((digits) => fc.bigInt({ min: 1n, max: 10n ** BigInt(digits) - 1n }))
      .map((value) => value * 10n ** BigInt(18 - decimals)),
  );
}

function positiveText(): fc.Arbitrary<string> {
  return positiveUnits().map(unitsToString);
}

/** A quantity above zero and below 100,000, with up to 18 decimals. */
export function arbitraryQuantity(): fc.Arbitrary<Quantity> {
  return positiveText().map((text) => Quantity.of(text));
}

/** A price below 100,000, with up to 18 decimals; now and then zero, as of an option that expires worthless. */
export function arbitraryPrice(): fc.Arbitrary<Price> {
  return fc.oneof(
    { weight: 40, arbitrary: positiveText().map((text) => Price.of(text)) },
    { weight: 1, arbitrary: fc.constant(Price.of(0)) },
  );
}

/** An amount above zero and below 100,000, with up to 18 decimals. */
export function arbitraryAmount(currency: CurrencyCode = USD): fc.Arbitrary<Money> {
  return positiveText().map((text) => Money.of(text, currency));
}

/** A commission: none, one per order as brokers ask it, one with up to 18 decimals, or a rebate. */
export function arbitraryCommission(currency: CurrencyCode = USD): fc.Arbitrary<Money> {
  return fc.oneof(
    fc.constantFrom('0', '0.35', '1').map((text) => Money.of(text, currency)),
    arbitraryAmount(currency),
    fc.bigInt({ min: 1n, max: 10n ** 18n }).map((units) => Money.of(unitsToString(-units), currency)),
  );
}

/** 1 for most instruments; contracts of more, and of less, with up to 18 decimals. */
export function arbitraryMultiplier(): fc.Arbitrary<Multiplier> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(Multiplier.one) },
    { weight: 2, arbitrary: fc.constantFrom('100', '50', '0.1', '0.000001').map((text) => Multiplier.of(text)) },
    {
      weight: 1,
      arbitrary: fc.bigInt({ min: 1n, max: 10n ** 20n }).map((units) => Multiplier.of(unitsToString(units))),
    },
  );
}

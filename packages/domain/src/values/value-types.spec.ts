/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment, @typescript-eslint/no-unsafe-return --
   every line below is such a mistake on purpose: it is the compiler that must refuse it */
import { expect, it } from 'vitest';
import {
  Currency,
  Money,
  Multiplier,
  OrderId,
  PortfolioId,
  Price,
  Quantity,
  Ticker,
  Timestamp,
  type BrokerOrderId,
  type ClientOrderId,
} from './index.js';

// What the compiler refuses; tsconfig.spec.json compiles this file, and an @ts-expect-error without an error is one.
// The functions are not called: they are about types.

const money = Money.of(1, 'USD');
const price = Price.of(1);
const quantity = Quantity.of(1);
const id = '01942f0e-7c2a-7b3c-8d4e-5f6a7b8c9d0e';

const refusals: readonly (() => unknown)[] = [
  // @ts-expect-error a Price is no Quantity
  (): Quantity => price,
  // @ts-expect-error a Quantity is no Price
  (): Price => quantity,
  // @ts-expect-error a Multiplier is no Price
  (): Price => Multiplier.one,
  // @ts-expect-error a Price is no Multiplier
  (): Multiplier => price,
  // @ts-expect-error an amount is no Quantity
  (): Quantity => money,
  // @ts-expect-error an object of the same shape is no Price
  (): Price => ({ ...price }),
  // @ts-expect-error an OrderId is no PortfolioId
  (): PortfolioId => OrderId.of(id),
  // @ts-expect-error the broker's name of an order is not the client's
  (name: BrokerOrderId): ClientOrderId => name,
  // @ts-expect-error a plain string is no Ticker
  (): Ticker => 'AAPL',
  // @ts-expect-error a plain string is no Currency
  (): Currency => 'USD',
  // @ts-expect-error a plain string is no Timestamp
  (): Timestamp => '2026-01-05T14:30:00.000000Z',
  // @ts-expect-error there is no Money but by Money.of
  () => new Money(1n, Currency.of('USD')),
  // @ts-expect-error there is no Price but by Price.of
  () => new Price(1n),
  // @ts-expect-error there is no Quantity but by Quantity.of
  () => new Quantity(1n),
  // @ts-expect-error there is no Multiplier but by Multiplier.of
  () => new Multiplier(1n),
  // @ts-expect-error quantity and price are not to be confused
  () => Money.notional(price, quantity, Multiplier.one, Currency.of('USD')),
  // @ts-expect-error money is not added to a price
  () => money.plus(price),
  // @ts-expect-error a price does not change
  () => (price.units = 1n),
  // @ts-expect-error an amount always has a currency
  () => Money.of('1'),
];

const acceptances: readonly (() => unknown)[] = [
  (): string => Ticker.of('AAPL'),
  (): PortfolioId => PortfolioId.of(id),
  () => Money.of('1', 'USD'),
  () => Money.of('1', Currency.of('USD')),
];

it('the compiler refuses one value for another, and takes each for itself', () => {
  expect(refusals).toHaveLength(19);
  for (const accepted of acceptances) expect(accepted).not.toThrow();
});

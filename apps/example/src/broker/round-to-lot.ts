import { Decimal, Quantity } from '@blotter/domain';

/** The largest whole number of lots that is not above the size; zero for a size below one lot. */
export function roundDownToLot(size: Decimal, lot: Quantity): Quantity {
  return Quantity.of(size.toNearest(lot.toDecimal(), Decimal.ROUND_DOWN));
}

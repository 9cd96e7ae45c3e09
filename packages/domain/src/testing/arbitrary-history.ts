import fc from 'fast-check';
import type { OrderSide } from '../orders/index.js';
import { Money, Quantity, Ticker, type Multiplier, type Price } from '../values/index.js';
import {
  arbitraryAmount,
  arbitraryCommission,
  arbitraryMultiplier,
  arbitraryPrice,
  arbitraryQuantity,
} from './arbitrary-values.js';
import type { ExecutionStep, HistoryStep } from './history-step.js';

const SYMBOLS = ['AAPL', 'BTC-USD', 'ESZ6'].map((symbol) => Ticker.of(symbol));

/** What somebody meant to do; which steps it takes depends on what is held then. */
type Intent = { readonly kind: 'deposit' | 'withdrawal'; readonly amount: Money } | OrderIntent;

interface OrderIntent {
  readonly kind: 'order';
  readonly symbol: number;
  /** trade: the quantity, on this side. close: all that is held. flip: all that is held, and the quantity on the other side. */
  readonly aim: 'trade' | 'close' | 'flip';
  readonly side: OrderSide;
  readonly quantity: Quantity;
  readonly fills: readonly FillIntent[];
  /** The share of the order that stays unfilled, beside the shares of the fills. */
  readonly unfilled: number;
}

/** In deposits, withdrawals and orders after the first deposit; each fill of an order is a step of its own. */
interface HistorySize {
  readonly minLength?: number;
  readonly maxLength?: number;
}

interface FillIntent {
  readonly share: number;
  readonly price: Price;
  readonly commission: Money;
}

/**
 * Histories of one portfolio in USD: deposits, withdrawals (some larger than the cash), orders filled in parts or at once,
 * longs, shorts, closes to flat and flips over three symbols, commissions and rebates, contracts, up to 18 decimals.
 * All of it follows from fast-check's seed.
 */
export function arbitraryHistory({ minLength = 0, maxLength = 16 }: HistorySize = {}): fc.Arbitrary<HistoryStep[]> {
  return fc
    .tuple(
      arbitraryAmount(),
      fc.array(arbitraryIntent(), { minLength, maxLength, size: 'max' }),
      fc.tuple(arbitraryMultiplier(), arbitraryMultiplier(), arbitraryMultiplier()),
    )
    .map(([firstDeposit, intents, multipliers]) =>
      stepsOf([{ kind: 'deposit', amount: firstDeposit }, ...intents], multipliers),
    );
}

function arbitraryIntent(): fc.Arbitrary<Intent> {
  const fill = fc.record({
    share: fc.integer({ min: 1, max: 9 }),
    price: arbitraryPrice(),
    commission: arbitraryCommission(),
  });
  return fc.oneof(
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('deposit' as const), amount: arbitraryAmount() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdrawal' as const), amount: arbitraryAmount() }) },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('order' as const),
        symbol: fc.nat({ max: SYMBOLS.length - 1 }),
        aim: fc.constantFrom('trade' as const, 'trade' as const, 'close' as const, 'flip' as const),
        side: fc.constantFrom('BUY' as const, 'SELL' as const),
        quantity: arbitraryQuantity(),
        fills: fc.array(fill, { minLength: 1, maxLength: 4 }),
        unfilled: fc.constantFrom(0, 0, 0, 2),
      }),
    },
  );
}

function stepsOf(intents: readonly Intent[], multipliers: readonly Multiplier[]): HistoryStep[] {
  const held = new Map<Ticker, Quantity>();
  return intents.flatMap((intent, order): HistoryStep[] => {
    if (intent.kind !== 'order') return [intent];
    const symbol = SYMBOLS[intent.symbol];
    const multiplier = multipliers[intent.symbol];
    if (symbol === undefined || multiplier === undefined) throw new Error('A symbol that the history does not have.');
    const before = held.get(symbol) ?? Quantity.zero;
    const { side, orderQuantity } = towards(intent, before);
    const steps = fillsOf(intent, orderQuantity).map((fill): ExecutionStep => ({
      kind: 'execution',
      order,
      orderQuantity,
      symbol,
      side,
      multiplier,
      ...fill,
    }));
    held.set(
      symbol,
      steps.reduce((sum, { quantity }) => (side === 'BUY' ? sum.plus(quantity) : sum.minus(quantity)), before),
    );
    return steps;
  });
}

function towards(intent: OrderIntent, held: Quantity): { side: OrderSide; orderQuantity: Quantity } {
  if (intent.aim === 'trade' || held.isZero) return { side: intent.side, orderQuantity: intent.quantity };
  const all = held.absolute();
  return {
    side: held.isPositive ? 'SELL' : 'BUY',
    orderQuantity: intent.aim === 'close' ? all : all.plus(intent.quantity),
  };
}

/** The order's quantity by shares; the last fill takes what the division leaves, so that a close closes. */
function fillsOf(
  intent: OrderIntent,
  orderQuantity: Quantity,
): Pick<ExecutionStep, 'quantity' | 'price' | 'commission'>[] {
  const shares = intent.fills.reduce((sum, { share }) => sum + share, intent.unfilled);
  let left = orderQuantity.units;
  return intent.fills
    .map(({ share, price, commission }, index) => {
      const takesTheRest = intent.unfilled === 0 && index === intent.fills.length - 1;
      const units = takesTheRest ? left : (orderQuantity.units * BigInt(share)) / BigInt(shares);
      left -= units;
      return { quantity: Quantity.ofUnits(units), price, commission };
    })
    .filter(({ quantity }) => quantity.isPositive);
}

import { Decimal as BaseDecimal } from 'decimal.js';
import { noCoverage, type Coverage } from './coverage.js';
import type { CashStep, ExecutionStep, HistoryStep } from './history-step.js';

/**
 * The book a second time, written apart from the domain to check it: text into decimal.js at 300 digits, objects that
 * change, one loop. It knows nothing of Money, Position or Portfolio; where both agree to the last digit, an error
 * must have been made twice, in two ways of writing it.
 */
const Exact = BaseDecimal.clone({
  precision: 300,
  rounding: BaseDecimal.ROUND_HALF_EVEN,
  toExpNeg: -9e15,
  toExpPos: 9e15,
});
type Exact = BaseDecimal;

interface Lot {
  quantity: Exact;
  cost: Exact;
  realised: Exact;
  commission: Exact;
  invested: Exact;
  maxValue: Exact;
}

/** A position's figures as plain decimal text. */
export type LotFigures = Readonly<Record<keyof Lot, string>>;

export interface ReferenceBook {
  readonly figures: Readonly<Record<keyof Totals, string>>;
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  readonly entries: number;
  readonly open: ReadonlyMap<string, LotFigures>;
  readonly closed: readonly LotFigures[];
  readonly coverage: Readonly<Coverage>;
}

interface Totals {
  cash: Exact;
  deposits: Exact;
  withdrawals: Exact;
  realised: Exact;
  commissions: Exact;
  grossProfit: Exact;
  grossLoss: Exact;
}

const zero = new Exact(0);

/** The figures after all the steps. */
export function referenceBook(steps: readonly HistoryStep[]): ReferenceBook {
  const book = new Book();
  for (const step of steps) {
    if (step.kind === 'execution') book.execute(step);
    else book.move(step);
  }
  return book.figures();
}

class Book {
  private readonly totals: Totals = {
    cash: zero,
    deposits: zero,
    withdrawals: zero,
    realised: zero,
    commissions: zero,
    grossProfit: zero,
    grossLoss: zero,
  };
  private readonly counts = { trades: 0, wins: 0, losses: 0, entries: 0 };
  private readonly coverage = noCoverage();
  private readonly open = new Map<string, Lot>();
  private readonly closed: Lot[] = [];

  move(step: CashStep): void {
    const amount = new Exact(step.amount.amount);
    if (step.kind === 'withdrawal' && amount.gt(this.totals.cash)) {
      this.coverage.refusedWithdrawals += 1;
      return;
    }
    this.counts.entries += 1;
    this.add(step.kind === 'deposit' ? 'deposits' : 'withdrawals', amount);
    this.add('cash', step.kind === 'deposit' ? amount : amount.neg());
  }

  execute(step: ExecutionStep): void {
    const size = new Exact(step.quantity.toString());
    const price = new Exact(step.price.toString());
    const multiplier = new Exact(step.multiplier.toString());
    const sign = step.side === 'BUY' ? 1 : -1;
    const notional = this.round(size.mul(price).mul(multiplier));
    const commission = new Exact(step.commission.amount);
    this.cover(step);
    this.counts.entries += 1;
    this.add('commissions', commission);
    this.add('cash', notional.mul(-sign).minus(commission));

    const lot = this.open.get(step.symbol);
    const opposite = lot !== undefined && lot.quantity.isNegative() !== sign < 0;
    const closing = opposite ? Exact.min(lot.quantity.abs(), size) : zero;
    const opening = size.minus(closing);
    const splits = !closing.isZero() && !opening.isZero();
    const before = this.coverage.roundings;
    const closingNotional = splits
      ? this.round(notional.mul(closing).div(size), notional.mul(closing), size)
      : notional;
    const closingCommission = splits
      ? this.round(commission.mul(closing).div(size), commission.mul(closing), size)
      : commission;
    if (splits) {
      this.coverage.flips += 1;
      if (this.coverage.roundings > before) this.coverage.roundedFlips += 1;
    }
    const value = (quantity: Exact) => this.round(quantity.abs().mul(price).mul(multiplier));

    if (lot && !closing.isZero()) {
      const all = closing.eq(lot.quantity.abs());
      const released = all
        ? lot.cost
        : this.round(lot.cost.mul(closing).div(lot.quantity.abs()), lot.cost.mul(closing), lot.quantity);
      const gain = closingNotional.mul(-sign).minus(released);
      lot.quantity = lot.quantity.plus(closing.mul(sign));
      lot.cost = lot.cost.minus(released);
      lot.realised = lot.realised.plus(gain);
      lot.commission = lot.commission.plus(closingCommission);
      lot.maxValue = Exact.max(lot.maxValue, value(lot.quantity));
      this.add('realised', gain);
      if (all) this.close(step.symbol, lot);
      else this.coverage.reductions += 1;
    }
    if (!opening.isZero()) {
      const cost = splits ? notional.minus(closingNotional) : notional;
      const paid = splits ? commission.minus(closingCommission) : commission;
      const next = this.open.get(step.symbol) ?? this.newLot(step.symbol, sign);
      const isNew = next.quantity.isZero();
      next.quantity = next.quantity.plus(opening.mul(sign));
      next.cost = next.cost.plus(cost.mul(sign));
      next.commission = next.commission.plus(paid);
      next.invested = next.invested.plus(cost);
      next.maxValue = Exact.max(next.maxValue, isNew ? cost : value(next.quantity));
    }
  }

  figures(): ReferenceBook {
    const { totals } = this;
    return {
      figures: {
        cash: plain(totals.cash),
        deposits: plain(totals.deposits),
        withdrawals: plain(totals.withdrawals),
        realised: plain(totals.realised),
        commissions: plain(totals.commissions),
        grossProfit: plain(totals.grossProfit),
        grossLoss: plain(totals.grossLoss),
      },
      ...this.counts,
      open: new Map([...this.open].map(([symbol, lot]) => [symbol, lotFigures(lot)])),
      closed: this.closed.map(lotFigures),
      coverage: this.coverage,
    };
  }

  private newLot(symbol: string, sign: number): Lot {
    const lot = { quantity: zero, cost: zero, realised: zero, commission: zero, invested: zero, maxValue: zero };
    this.open.set(symbol, lot);
    this.coverage[sign > 0 ? 'longs' : 'shorts'] += 1;
    return lot;
  }

  private close(symbol: string, lot: Lot): void {
    this.open.delete(symbol);
    this.closed.push(lot);
    this.coverage.closes += 1;
    this.counts.trades += 1;
    const net = lot.realised.minus(lot.commission);
    if (net.gt(0)) {
      this.counts.wins += 1;
      this.add('grossProfit', net);
    } else if (net.lt(0)) {
      this.counts.losses += 1;
      this.add('grossLoss', net);
    }
  }

  private add(name: keyof Totals, amount: Exact): void {
    this.totals[name] = this.totals[name].plus(amount);
  }

  /** To 18 decimals, half to even; counts where it is not exact. A quotient is checked by multiplying back: 300 digits need not hold it. */
  private round(value: Exact, numerator = value, denominator: Exact = new Exact(1)): Exact {
    const rounded = value.toDecimalPlaces(18, Exact.ROUND_HALF_EVEN);
    if (!rounded.mul(denominator.abs()).eq(numerator)) this.coverage.roundings += 1;
    return rounded;
  }

  private cover(step: ExecutionStep): void {
    const fullScale = [step.quantity, step.price].some((value) => (value.toString().split('.')[1] ?? '').length === 18);
    this.coverage.fullScale += fullScale ? 1 : 0;
    this.coverage.rebates += step.commission.isNegative ? 1 : 0;
    this.coverage.partialFills += step.quantity.compare(step.orderQuantity) < 0 ? 1 : 0;
    this.coverage.contracts += step.multiplier.toString() === '1' ? 0 : 1;
  }
}

function lotFigures(lot: Lot): LotFigures {
  return {
    quantity: plain(lot.quantity),
    cost: plain(lot.cost),
    realised: plain(lot.realised),
    commission: plain(lot.commission),
    invested: plain(lot.invested),
    maxValue: plain(lot.maxValue),
  };
}

/** decimal.js tells 0 from -0; a book does not. */
function plain(value: Exact): string {
  return value.isZero() ? '0' : value.toFixed();
}

import { createHash } from 'node:crypto';

/**
 * Chance that comes out the same every time: a stream of whole numbers made of a seed and a name. Each order has a
 * stream of its own, so what happens to one does not depend on which of the others was first.
 */
export class Chance {
  private drawn = 0;

  constructor(
    private readonly seed: string,
    private readonly name: string,
  ) {}

  /** Whether something happens that happens `perMille` times in a thousand. */
  happens(perMille: number): boolean {
    return this.between(1, 1_000) <= perMille;
  }

  /** A whole number, both ends included. */
  between(lowest: number, highest: number): number {
    const digest = createHash('sha256')
      .update(JSON.stringify([this.seed, this.name, this.drawn++]))
      .digest();
    // 48 of 256 bits: of that many, the remainder favours no number by more than 1 in 10^10.
    return lowest + (digest.readUIntBE(0, 6) % (highest - lowest + 1));
  }

  /** One of several. */
  pick<Item>(first: Item, ...others: readonly Item[]): Item {
    return others[this.between(0, others.length) - 1] ?? first;
  }
}

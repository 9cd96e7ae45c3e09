import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Chance that comes out the same every time: a stream of numbers made of a seed and a name. Each round has a stream of
 * its own, so what happens in one does not depend on which of the others was first.
 */
export class Chance {
  private readonly generator: ReturnType<typeof xoroshiro128plus>;

  constructor(
    private readonly seed: number,
    private readonly name: string,
  ) {
    const digest = createHash('sha256')
      .update(JSON.stringify([seed, name]))
      .digest();
    this.generator = xoroshiro128plus(digest.readInt32BE(0));
  }

  /** The stream of a part of this one. */
  of(part: string | number): Chance {
    return new Chance(this.seed, `${this.name}/${part}`);
  }

  /** A whole number, both ends included. */
  between(lowest: number, highest: number): number {
    return uniformInt(this.generator, lowest, highest);
  }

  /** From 0 to 1, in steps of a millionth. */
  fraction(): number {
    return this.between(0, 1_000_000) / 1_000_000;
  }

  /** One of several. */
  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.between(0, items.length - 1)] ?? items[0];
  }
}

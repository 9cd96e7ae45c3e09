import { CONTESTANTS, PEERS, type ContestantName } from '../contestants/names.js';
import type { LaneResult, Sample } from '../measure/result.js';
import { median, ratioInRounds } from '../measure/statistics.js';

/** All that was measured, by variant and contestant. */
export class Results {
  constructor(readonly lanes: readonly LaneResult[]) {}

  lane(variant: string, contestant: ContestantName): LaneResult | undefined {
    return this.lanes.find((lane) => lane.variant === variant && lane.contestant === contestant);
  }

  /** By round; undefined where it was not measured, or what was measured is wrong. */
  rates(variant: string, contestant: ContestantName): readonly number[] | undefined {
    return this.figures(variant, contestant, ({ rate }) => rate);
  }

  figures(
    variant: string,
    contestant: ContestantName,
    figure: (sample: Sample) => number,
  ): readonly number[] | undefined {
    const lane = this.lane(variant, contestant);
    return lane?.exact === true && lane.samples.length > 0 ? lane.samples.map(figure) : undefined;
  }

  /** How many times as fast the first is as the second, within each round. */
  ratio(
    variant: string,
    contestant: ContestantName,
    other: ContestantName,
    otherVariant = variant,
  ): number | undefined {
    return ratioInRounds(this.rates(variant, contestant), this.rates(otherVariant, other));
  }

  /** The peer that does most of those that stay correct. */
  fastestPeer(variant: string): ContestantName | undefined {
    const speeds = PEERS.flatMap((name) => {
      const rates = this.rates(variant, name);
      return rates ? [{ name, rate: median(rates) }] : [];
    });
    return speeds.sort((one, other) => other.rate - one.rate)[0]?.name;
  }
}

export function titleOf(name: ContestantName): string {
  return CONTESTANTS[name].title;
}

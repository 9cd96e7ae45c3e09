import { CONTESTANTS, PEERS, type ContestantName } from '../contestants/names.js';
import type { LaneResult, Sample } from '../measure/result.js';
import { median, ratioInRounds } from '../measure/statistics.js';

/** All that was measured, by variant and contestant. */
export class Results {
  constructor(readonly lanes: readonly LaneResult[]) {}

  of(variant: string): readonly LaneResult[] {
    return this.lanes.filter((lane) => lane.variant === variant);
  }

  /** By round; undefined where it was not measured, or what was measured is wrong. */
  figures(
    variant: string,
    contestant: ContestantName,
    figure: (sample: Sample) => number | undefined = (sample) => sample.figure,
  ): readonly number[] | undefined {
    const lane = this.of(variant).find((one) => one.contestant === contestant);
    const known = lane?.exact === true ? lane.samples.flatMap((sample) => figure(sample) ?? []) : [];
    return known.length === 0 ? undefined : known;
  }

  /** How many times as much the first has as the second, within each round. */
  ratio(
    variant: string,
    contestant: ContestantName,
    other: ContestantName,
    otherVariant = variant,
  ): number | undefined {
    return ratioInRounds(this.figures(variant, contestant), this.figures(otherVariant, other));
  }

  /** The peer that does most of those that stay correct. */
  fastestPeer(variant: string): ContestantName | undefined {
    const speeds = PEERS.flatMap((name) => {
      const figures = this.figures(variant, name);
      return figures ? [{ name, figure: median(figures) }] : [];
    });
    return speeds.sort((one, other) => other.figure - one.figure)[0]?.name;
  }
}

export function titleOf(name: ContestantName): string {
  return CONTESTANTS[name].title;
}

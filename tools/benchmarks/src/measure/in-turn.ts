import type { Lane } from './lane.js';

/**
 * The order of a round: variant by variant, so that who is compared is measured within seconds, and in each another contestant
 * first than in the round before, so that coming behind the same one is nobody's lot. @param round counted from 1
 */
export function inTurn(lanes: readonly Lane[], round: number): readonly Lane[] {
  return [...new Set(lanes.map(({ variant }) => variant))].flatMap((variant) => {
    const group = lanes.filter((lane) => lane.variant === variant);
    const start = (round - 1) % group.length;
    return [...group.slice(start), ...group.slice(0, start)];
  });
}

import { expect, it } from 'vitest';
import { Pgbench } from '../contestants/pgbench.js';
import { orderById } from '../workloads/order-by-id.js';
import { inTurn } from './in-turn.js';
import { Lane } from './lane.js';

it('A round goes variant by variant, and begins each with another contestant than the round before', () => {
  const variants = orderById.variants.slice(0, 2);
  const lanes = (['raw', 'blotter', 'kysely'] as const).flatMap((name) =>
    variants.map((variant) => new Lane(name, variant, new Pgbench(), 'book')),
  );
  const order = (round: number) =>
    inTurn(lanes, round).map(({ contestant, variant }) => `${contestant} ${variants.indexOf(variant)}`);
  expect(order(1)).toEqual(['raw 0', 'blotter 0', 'kysely 0', 'raw 1', 'blotter 1', 'kysely 1']);
  expect(order(2)).toEqual(['blotter 0', 'kysely 0', 'raw 0', 'blotter 1', 'kysely 1', 'raw 1']);
  expect(order(4)).toEqual(order(1));
});

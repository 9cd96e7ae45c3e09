import { Timestamp } from '@blotter/domain';

/** Where the time comes from, so that tests and simulations bring their own. */
export interface Clock {
  now(): Timestamp;
}

export const systemClock: Clock = { now: () => Timestamp.of(new Date()) };

import type { GivenUp } from '../contestants/contestant.js';
import { OFFER_GIVING_UP, type ContestantName } from '../contestants/names.js';

/** How a caller is left without the answer to its COMMIT. */
export interface CommitWay {
  readonly name: string;
  /** What is lost: the COMMIT itself, or the answer to it. */
  readonly lost: 'commit' | 'answer';
  /** Whether the server's process stands still with the COMMIT before it, and goes on when the command has been sent again. */
  readonly pauses: boolean;
  /** What ends the wait. */
  readonly end: 'both sides cut' | 'client cut' | GivenUp['by'];
}

export const WAYS: readonly CommitWay[] = [
  { name: 'answer lost', lost: 'answer', pauses: false, end: 'client cut' },
  { name: 'commit lost', lost: 'commit', pauses: false, end: 'both sides cut' },
  { name: 'reset', lost: 'answer', pauses: false, end: 'both sides cut' },
  { name: 'backend paused', lost: 'answer', pauses: true, end: 'client cut' },
  { name: 'deadline', lost: 'answer', pauses: false, end: 'deadline' },
  { name: 'abort', lost: 'answer', pauses: false, end: 'abort' },
  { name: 'deadline, backend paused', lost: 'answer', pauses: true, end: 'deadline' },
  { name: 'abort, backend paused', lost: 'answer', pauses: true, end: 'abort' },
];

/** How long after its beginning a call is given up: far beyond what it takes to come to its COMMIT. */
const GIVEN_UP_AFTER_MS = 400;

export function givenUpOf({ end }: CommitWay): GivenUp | undefined {
  return end === 'deadline' || end === 'abort' ? { by: end, afterMs: GIVEN_UP_AFTER_MS } : undefined;
}

/** The ways that a contestant can be shown: a peer whose calls have no deadline and no signal is cut alone. */
export function waysFor(contestant: ContestantName): readonly CommitWay[] {
  return OFFER_GIVING_UP.has(contestant) ? WAYS : WAYS.filter((way) => givenUpOf(way) === undefined);
}

import { Timestamp, type Portfolio, type Tags } from '@blotter/domain';

/** What the tags of a portfolio say about its session. */
interface SessionTags {
  /** Sessions of a book are counted from 1. */
  readonly number: number;
  readonly seed: string;
  /** When the last day of the session closes: a session that got so far was not interrupted. */
  readonly endsAt: Timestamp;
}

const KIND = 'paper-trading';

export function tagsOf({ number, seed, endsAt }: SessionTags): Tags {
  return { kind: KIND, session: String(number), seed, endsAt };
}

/** Undefined for a portfolio that is of no session of ours. */
export function sessionTagsOf({ tags }: Pick<Portfolio, 'tags'>): SessionTags | undefined {
  const { kind, session, seed, endsAt } = tags;
  if (kind !== KIND || session === undefined || seed === undefined || endsAt === undefined) return undefined;
  return { number: Number(session), seed, endsAt: Timestamp.of(endsAt) };
}

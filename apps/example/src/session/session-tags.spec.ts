import { Timestamp } from '@blotter/domain';
import { describe, expect, it } from 'vitest';
import { sessionTagsOf, tagsOf } from './session-tags.js';

describe('the tags of a portfolio', () => {
  it('say which session it is of', () => {
    const session = { number: 3, seed: '1', endsAt: Timestamp.of('2019-12-31T21:00:00Z') };
    expect(sessionTagsOf({ tags: tagsOf(session) })).toEqual(session);
  });

  it('say nothing of a portfolio that somebody else opened', () => {
    expect(sessionTagsOf({ tags: {} })).toBeUndefined();
    expect(sessionTagsOf({ tags: { session: '3' } })).toBeUndefined();
  });
});

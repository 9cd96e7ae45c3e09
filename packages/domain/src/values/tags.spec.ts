import { describe, expect, it } from 'vitest';
import { Tags } from './tags.js';

const invalid: unknown = expect.objectContaining({ code: 'INVALID_TAGS' });
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}`, 'value']));

describe('tags', () => {
  it('are the pairs they were made of', () => {
    expect(Tags.of({ signal: 'breakout', note: '' })).toEqual({ signal: 'breakout', note: '' });
  });

  it('are the one empty object when there are none', () => {
    expect(Tags.of({})).toBe(Tags.none);
  });

  it('do not change with the object they were made of', () => {
    const source: Record<string, string> = { signal: 'breakout' };
    const tags = Tags.of(source);
    source['signal'] = 'fade';
    expect(tags).toEqual({ signal: 'breakout' });
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(Tags.of({ signal: 'breakout' }))).toBe(true);
    expect(Object.isFrozen(Tags.none)).toBe(true);
  });

  it('are at most 32', () => {
    expect(Object.keys(Tags.of(many(32)))).toHaveLength(32);
    expect(() => Tags.of(many(33))).toThrow(invalid);
  });

  it('have sides of at most 256 characters', () => {
    expect(Tags.of({ ['k'.repeat(256)]: 'v'.repeat(256) })).toBeDefined();
    expect(() => Tags.of({ ['k'.repeat(257)]: 'v' })).toThrow(invalid);
    expect(() => Tags.of({ k: 'v'.repeat(257) })).toThrow(invalid);
  });

  it.each<[string, Record<string, unknown>]>([
    ['an empty key', { '': 'v' }],
    ['a value that is no text', { k: 1 }],
    ['a value that is absent', { k: undefined }],
    ['U+0000, which PostgreSQL refuses', { k: 'a\0' }],
    ['half a surrogate pair, which PostgreSQL would change', { k: '\ud83d' }],
    ['half a surrogate pair in a key', { '\ud83d': 'v' }],
  ])('have no %s', (_case, tags) => {
    expect(() => Tags.of(tags as Record<string, string>)).toThrow(invalid);
  });

  it('keep a key that is a name of JavaScript as a plain key', () => {
    const tags = Tags.of(JSON.parse('{"__proto__":"v"}') as Record<string, string>);
    expect(Object.entries(tags)).toEqual([['__proto__', 'v']]);
    expect(Object.getPrototypeOf(tags)).toBe(Object.prototype);
  });
});

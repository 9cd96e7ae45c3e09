import { describe, expect, it } from 'vitest';
import { MessageSplitter } from './message-splitter.js';

const AUTHENTICATED = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
const KEY = Buffer.from([0x4b, 0, 0, 0, 12, 0, 0, 1, 2, 0, 0, 0, 9]);
const NO_TLS = Buffer.from('N');

function typesOf(pieces: readonly Buffer[]): readonly string[] {
  const splitter = new MessageSplitter('server');
  return pieces.flatMap((piece) => splitter.take(piece)).map(({ type }) => type);
}

describe('What a server says at the start', () => {
  it('is messages from the first byte, where nobody asked for TLS', () => {
    expect(typesOf([AUTHENTICATED, KEY])).toEqual(['R', 'K']);
  });

  it('begins with one byte that is no message, where it refuses TLS', () => {
    expect(typesOf([NO_TLS, AUTHENTICATED, KEY])).toEqual(['R', 'K']);
    expect(typesOf([Buffer.concat([NO_TLS, AUTHENTICATED, KEY])])).toEqual(['R', 'K']);
  });
});

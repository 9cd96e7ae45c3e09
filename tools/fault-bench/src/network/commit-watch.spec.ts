import { describe, expect, it } from 'vitest';
import { CommitWatch } from './commit-watch.js';

const VERSION_3 = 196_608;
const TLS_REQUEST = 80_877_103;

function message(type: string, ...texts: readonly string[]): Buffer {
  const body = Buffer.from(texts.map((text) => `${text}\0`).join(''));
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

function startup(code: number, text: string): Buffer {
  const version = Buffer.alloc(4);
  version.writeInt32BE(code);
  return message('', `${version.toString('latin1')}${text}`);
}

/** The length without the zero byte that ends a text. */
function tlsRequest(): Buffer {
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(TLS_REQUEST, 4);
  return request;
}

function begun(): CommitWatch {
  const watch = new CommitWatch();
  watch.sees(startup(VERSION_3, 'user'));
  return watch;
}

describe('What a client sends', () => {
  it('is a COMMIT as a simple query, whatever its case', () => {
    expect(begun().sees(message('Q', 'COMMIT;'))).toBe(true);
    expect(begun().sees(message('Q', ' commit '))).toBe(true);
  });

  it('is a COMMIT when a statement that is one is run, and not yet when it is prepared', () => {
    const watch = begun();
    expect(watch.sees(message('P', 's1', 'commit'))).toBe(false);
    expect(watch.sees(message('B', '', 's2'))).toBe(false);
    expect(watch.sees(message('B', '', 's1'))).toBe(true);
  });

  it('is no COMMIT where the word stands in another statement', () => {
    expect(begun().sees(message('Q', "select 'commit'"))).toBe(false);
    expect(begun().sees(message('Q', 'commit prepared x'))).toBe(false);
  });

  it('is seen behind other messages, and in pieces of one byte', () => {
    const bytes = Buffer.concat([
      tlsRequest(),
      startup(VERSION_3, 'user'),
      message('P', '', 'update orders set version = 2'),
      message('Q', 'commit'),
    ]);
    const watch = new CommitWatch();
    const seen = [...bytes].map((byte) => watch.sees(Buffer.from([byte])));
    expect(seen.indexOf(true)).toBe(bytes.length - 1);
  });
});

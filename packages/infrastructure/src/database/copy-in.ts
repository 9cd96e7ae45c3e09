import type { Writable } from 'node:stream';
import type { DriverQuery } from './driver-query.js';

/** As much of a query of postgres.js as COPY needs. It settles these twice: with a stream for the rows, and with the outcome. */
export type CopyQuery = Pick<DriverQuery, 'resolve' | 'reject' | 'execute'>;

/** So many characters go into one message: enough for messages to cost nothing, little enough for the server to begin at once. */
const CHUNK = 65_536;

/**
 * Runs a COPY FROM STDIN with the lines, as fast as the server takes them. The driver's own promise is settled when the server is
 * ready for the rows, and hears nothing of what becomes of them (postgres.js, issue 1173); so its two functions are taken over.
 * Nothing else may be sent until this has settled. Where the server refuses a row, it drops the rest and is ready again.
 */
export function copyIn(query: CopyQuery, lines: Iterable<string>): Promise<void> {
  return new Promise((resolve, reject) => {
    let begun = false;
    query.resolve = (value) => {
      if (begun) resolve();
      else void feed(value as Writable, lines).catch(reject);
      begun = true;
    };
    query.reject = reject;
    query.execute();
  });
}

/** Writes one chunk at a time: what waits in memory is bounded, however many the lines are. */
async function feed(stream: Writable, lines: Iterable<string>): Promise<void> {
  // What went wrong says the query.
  stream.on('error', () => undefined);
  for (const chunk of chunksOf(lines)) {
    await new Promise<void>((written) => {
      stream.write(chunk, () => {
        written();
      });
    });
    if (stream.destroyed) return;
  }
  stream.end();
}

function* chunksOf(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

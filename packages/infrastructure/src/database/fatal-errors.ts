import type net from 'node:net';
import { ConnectionError, TimeoutError } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import { PostgresFault } from './postgres-fault.js';
import { connectionLost, translateError } from './translate-error.js';

const ERROR_RESPONSE = 'E'.charCodeAt(0);
/** A byte of type, and four of length, which counts itself and the body. */
const HEADER = 5;
/** The least that a length can be. */
const OWN_LENGTH = 4;

/**
 * Listens for the error with which the server ends a session. The driver holds it back until the answer is complete, which it
 * never is, and then knows only that the connection was closed.
 */
export function onFatalError(socket: net.Socket, listener: (error: BlotterError) => void): void {
  let begun: Buffer | undefined;
  let toSkip = 0;
  const read = (chunk: Buffer) => {
    const data = begun ? Buffer.concat([begun, chunk]) : chunk;
    let at = toSkip;
    begun = undefined;
    while (at + HEADER <= data.length) {
      const length = data.readInt32BE(at + 1);
      // Whoever this is does not speak PostgreSQL's protocol; the driver says so.
      if (length < OWN_LENGTH) {
        socket.off('data', read);
        return;
      }
      const end = at + 1 + length;
      if (data[at] === ERROR_RESPONSE) {
        if (end > data.length) break;
        const error = fatalErrorIn(data.subarray(at + HEADER, end));
        if (error) listener(error);
      }
      at = end;
    }
    toSkip = Math.max(0, at - data.length);
    if (at < data.length) begun = Buffer.from(data.subarray(at));
  };
  socket.on('data', read);
}

/** Fields of a letter and a text each; PostgreSQL's manual, "Error and Notice Message Fields". */
function fatalErrorIn(body: Buffer): BlotterError | undefined {
  const fields = new Map(
    body
      .toString('utf8')
      .split('\0')
      .map((field) => [field.slice(0, 1), field.slice(1)]),
  );
  if (fields.get('V') !== 'FATAL' && fields.get('V') !== 'PANIC') return undefined;
  const fault = new PostgresFault(fields.get('C') ?? 'XX000');
  const error = translateError(fault);
  // Of any other reason, what matters is that the session has ended.
  if (error instanceof TimeoutError || error.code === 'SERVER_UNAVAILABLE') return error;
  return new ConnectionError('CONNECTION_LOST', connectionLost().message, { cause: fault });
}

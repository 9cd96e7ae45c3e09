import { PassThrough } from 'node:stream';
import type net from 'node:net';
import { expect, it } from 'vitest';
import { onFatalError } from './fatal-errors.js';

/** The error with which a server ends a session for having been idle in its transaction, as it is on the wire. */
function fatalError(): Buffer {
  const body = Buffer.from('SFATAL\0VFATAL\0C25P03\0Mterminating connection\0\0');
  const header = Buffer.alloc(5);
  header.write('E');
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

function listen(): { readonly socket: PassThrough; readonly codes: string[] } {
  const socket = new PassThrough();
  const codes: string[] = [];
  // Of a socket, only its data is listened to.
  onFatalError(socket as unknown as net.Socket, ({ code }) => codes.push(code));
  return { socket, codes };
}

it('is found wherever the network has cut it', () => {
  const message = Buffer.concat([Buffer.from([0x5a, 0, 0, 0, 5, 0x54]), fatalError()]);
  for (let cut = 0; cut <= message.length; cut += 1) {
    const { socket, codes } = listen();
    socket.emit('data', message.subarray(0, cut));
    socket.emit('data', message.subarray(cut));
    expect(codes, `cut at ${cut}`).toEqual(['TIMEOUT']);
  }
});

it('is not looked for any more in what is no message of the protocol', () => {
  const { socket, codes } = listen();
  socket.emit('data', Buffer.alloc(64));
  socket.emit('data', fatalError());
  expect(codes).toEqual([]);
  expect(socket.listenerCount('data')).toBe(0);
});

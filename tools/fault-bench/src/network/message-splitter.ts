/** A message of PostgreSQL's protocol: its type, one letter, and what stands behind the length. */
export interface WireMessage {
  readonly type: string;
  readonly body: Buffer;
}

const STARTUP_TYPE = '';
/** What a server without TLS says when it is asked for it: this byte alone, with no length behind it. */
const NO_TLS = 'N'.charCodeAt(0);

/**
 * Cuts a stream of PostgreSQL's protocol (version 3, without TLS) into its messages, in whatever pieces it arrives.
 * The first messages of a client have no type: it is empty then.
 */
export class MessageSplitter {
  private rest = Buffer.alloc(0);
  private inStartup = true;

  constructor(private readonly side: 'client' | 'server') {}

  /** The messages that this piece completes. */
  take(bytes: Buffer): WireMessage[] {
    this.rest = Buffer.concat([this.rest, bytes]);
    const messages: WireMessage[] = [];
    for (let message = this.next(); message !== undefined; message = this.next()) messages.push(message);
    return messages;
  }

  private next(): WireMessage | undefined {
    if (this.side === 'server' && this.inStartup && this.rest.length > 0) {
      if (this.rest[0] === NO_TLS) this.rest = this.rest.subarray(1);
      this.inStartup = false;
    }
    const typeLength = this.inStartup ? 0 : 1;
    if (this.rest.length < typeLength + 4) return undefined;
    const end = typeLength + this.rest.readInt32BE(typeLength);
    if (this.rest.length < end) return undefined;
    const type = this.inStartup ? STARTUP_TYPE : String.fromCharCode(this.rest[0] ?? 0);
    const body = this.rest.subarray(typeLength + 4, end);
    this.rest = this.rest.subarray(end);
    // A request for TLS is answered, and then the real start follows; its code is no version.
    if (this.inStartup && body.length > 4) this.inStartup = false;
    return { type, body };
  }
}

/** The text up to the zero byte at that place, and where the next begins. */
export function textAt(body: Buffer, start: number): { readonly text: string; readonly next: number } {
  const end = body.indexOf(0, start);
  if (end === -1) return { text: body.toString('utf8', start), next: body.length };
  return { text: body.toString('utf8', start, end), next: end + 1 };
}

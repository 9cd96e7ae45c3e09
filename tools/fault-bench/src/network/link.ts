import net from 'node:net';
import { PausedBackend } from '../server/backend.js';
import { CommitWatch } from './commit-watch.js';
import { Lane, type Pace } from './lane.js';
import { MessageSplitter } from './message-splitter.js';

/** One connection through the proxy: the client's side, the server's side, and a lane each way. */
export class Link {
  /** The server's process behind it, once it has said so. */
  private backendPid: number | undefined;
  private isCut = false;
  private readonly up: Lane;
  private readonly down: Lane;

  /**
   * @param onCommit called when the client's COMMIT has arrived here, and before it goes on
   * @param onClose called when both sides have ended
   */
  constructor(
    private readonly client: net.Socket,
    private readonly server: net.Socket,
    pace: Pace,
    onCommit: (link: Link) => void,
    onClose: (link: Link) => void,
  ) {
    this.up = new Lane(server, pace);
    this.down = new Lane(client, pace);
    const commits = new CommitWatch();
    client.on('data', (bytes) => {
      if (commits.sees(bytes)) onCommit(this);
      this.up.carry(bytes);
    });
    this.carryAnswers();
    let open = 2;
    for (const socket of [client, server]) {
      socket.on('error', () => undefined);
      socket.once('close', () => {
        open -= 1;
        if (open === 0) onClose(this);
      });
    }
    this.passOnClose(client, server, pace);
    this.passOnClose(server, client, pace);
  }

  /** Whether the client still holds its side. */
  get isOpen(): boolean {
    return !this.client.destroyed;
  }

  /** Whether nothing is under way here, in either direction. */
  get isEmpty(): boolean {
    return this.up.isEmpty && this.down.isEmpty;
  }

  /** Has the server's process behind it stand still. */
  pauseBackend(): PausedBackend {
    if (this.backendPid === undefined) throw new Error('The server has not said which process it is.');
    return PausedBackend.pause(this.backendPid);
  }

  /** Ends both sides at once, as a pulled cable and a reset do; what was under way is lost. */
  cut(): void {
    this.silence();
    this.isCut = true;
    reset(this.client);
    reset(this.server);
  }

  /** Ends the client's side at once, while the server still reads what it was sent, and then the end. */
  cutClient(): void {
    this.holdAnswers();
    this.isCut = true;
    reset(this.client);
    this.server.end();
  }

  /** From now on nothing passes, and both sides think that the other is there. */
  silence(): void {
    this.up.silence();
    this.down.silence();
  }

  /** What the client sends still arrives; no answer comes back. */
  holdAnswers(): void {
    this.down.silence();
  }

  /**
   * When one side ends, so does the other. Not where they were cut: a socket that is destroyed while its reset is under way
   * is never closed (Node 20: libuv refuses the reset), and the process cannot end.
   */
  private passOnClose(ended: net.Socket, other: net.Socket, { delayMs }: Pace): void {
    ended.once('close', () =>
      setTimeout(() => {
        if (!this.isCut) other.destroy();
      }, delayMs),
    );
  }

  private carryAnswers(): void {
    let greeting: MessageSplitter | undefined = new MessageSplitter('server');
    this.server.on('data', (bytes) => {
      const key = greeting?.take(bytes).find(({ type }) => type === 'K');
      if (key) {
        this.backendPid = key.body.readInt32BE(0);
        greeting = undefined;
      }
      this.down.carry(bytes);
    });
  }
}

/**
 * A socket that is saying its goodbye cannot be reset any more (Node 20: libuv refuses it, the socket is never closed, and the
 * process neither ends nor rests); it is only destroyed.
 */
function reset(socket: net.Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

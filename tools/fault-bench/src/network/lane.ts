import type net from 'node:net';

/** How bytes travel. */
export interface Pace {
  /** One-way delay, in milliseconds; order is kept. */
  readonly delayMs: number;
  /** Bytes in each millisecond, for a line that trickles; undefined for no bound. */
  readonly bytesPerMs?: number | undefined;
}

interface Waiting {
  readonly due: number;
  readonly bytes: Buffer;
}

/** One direction of a connection: late, trickling, or silent. */
export class Lane {
  private readonly queue: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;
  private lastDue = 0;
  private silent = false;

  constructor(
    private readonly to: net.Socket,
    private readonly pace: Pace,
  ) {}

  get isEmpty(): boolean {
    return this.queue.length === 0;
  }

  carry(bytes: Buffer): void {
    if (this.silent) return;
    const { delayMs, bytesPerMs } = this.pace;
    if (delayMs === 0 && bytesPerMs === undefined) {
      this.write(bytes);
      return;
    }
    const step = bytesPerMs ?? bytes.length;
    for (let start = 0; start < bytes.length; start += step) {
      this.lastDue = Math.max(performance.now() + delayMs, this.lastDue + (bytesPerMs === undefined ? 0 : 1));
      this.queue.push({ due: this.lastDue, bytes: bytes.subarray(start, start + step) });
    }
    this.arm();
  }

  /** From now on nothing comes out, and what was under way is lost. */
  silence(): void {
    this.silent = true;
    this.queue.length = 0;
    clearTimeout(this.timer);
  }

  private arm(): void {
    const [next] = this.queue;
    if (next === undefined || this.timer !== undefined) return;
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        this.pump();
      },
      Math.max(0, next.due - performance.now()),
    );
  }

  private pump(): void {
    const at = performance.now();
    for (let next = this.queue[0]; next !== undefined && next.due <= at + 0.5; next = this.queue[0]) {
      this.queue.shift();
      this.write(next.bytes);
    }
    this.arm();
  }

  private write(bytes: Buffer): void {
    if (this.to.writable) this.to.write(bytes);
  }
}

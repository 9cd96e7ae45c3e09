import type { BlotterError } from '@blotter/domain';
import { AbortedError, TimeoutError } from '../errors.js';
import { LONGEST_TIMER_MS, timerMs } from './timer-ms.js';

/** How long a caller is ready to wait. Both end the wait whatever the server or the network does. */
export interface WaitOptions {
  /** Milliseconds from the call; then the wait ends with TimeoutError. No bound of its own unless said; Infinity is none. */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait with AbortedError when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

type Listener = (error: BlotterError) => void;

/**
 * The end of a caller's patience: a deadline, or a signal that was aborted, whichever comes first.
 * For adapters; call `end` when the wait is over, so that a signal that lives on keeps nothing of it.
 */
export class Interruption {
  /** Undefined as long as nobody listens, which is most often the case. */
  private listeners: Set<Listener> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private onAbort: (() => void) | undefined;
  private reason: BlotterError | undefined;

  /** Begins to count now. @throws ConfigurationError when the deadline is NaN */
  constructor(private readonly options: WaitOptions = {}) {
    const { signal } = options;
    const timeoutMs = timerMs(options.timeoutMs ?? Infinity);
    if (signal?.aborted) this.abort(signal);
    else if (timeoutMs <= 0) this.expire();
    else {
      if (signal) this.listenTo(signal);
      if (timeoutMs < LONGEST_TIMER_MS) {
        this.timer = setTimeout(() => {
          this.expire();
        }, timeoutMs);
      }
    }
  }

  /** Why the wait is over; undefined while it is not. */
  get error(): BlotterError | undefined {
    return this.reason;
  }

  /** Whether anything can interrupt at all. */
  get isPossible(): boolean {
    return this.options.signal !== undefined || this.options.timeoutMs !== undefined;
  }

  /** Calls the listener once, when it happens; at once when it has. */
  onInterrupt(listener: Listener): void {
    if (this.reason) listener(this.reason);
    else if (this.isPossible) (this.listeners ??= new Set()).add(listener);
  }

  /** The promise's outcome, or the interruption when that comes first; the promise's own is then let go. */
  async orInterrupted<Result>(promise: Promise<Result>): Promise<Result> {
    if (!this.isPossible) return promise;
    let listener: Listener | undefined;
    const interrupted = new Promise<never>((_resolve, reject) => {
      listener = reject;
      this.onInterrupt(listener);
    });
    try {
      return await Promise.race([promise, interrupted]);
    } finally {
      promise.catch(() => undefined);
      if (listener) this.listeners?.delete(listener);
    }
  }

  /** Stops counting and listening. */
  end(): void {
    clearTimeout(this.timer);
    if (this.onAbort) this.options.signal?.removeEventListener('abort', this.onAbort);
    this.listeners = undefined;
  }

  private listenTo(signal: AbortSignal): void {
    const onAbort = () => {
      this.abort(signal);
    };
    this.onAbort = onAbort;
    signal.addEventListener('abort', onAbort, { once: true });
  }

  private abort(signal: AbortSignal): void {
    this.interrupt(new AbortedError({ cause: signal.reason as unknown }));
  }

  private expire(): void {
    this.interrupt(
      new TimeoutError('TIMEOUT', 'The deadline of the call has passed. Repeat it, or give it more time.'),
    );
  }

  private interrupt(error: BlotterError): void {
    this.reason = error;
    const listeners = [...(this.listeners ?? [])];
    this.end();
    for (const listener of listeners) listener(error);
  }
}

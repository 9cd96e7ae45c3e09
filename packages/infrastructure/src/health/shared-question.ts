import { Interruption } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';

/** Two timers for the same moment do not end at the same time. Milliseconds. */
const TIMERS_APART_MS = 5;

/**
 * A question that all wait for who want its answer meanwhile, each for as long as it likes. It is given up when it was silent for
 * longer than the most patient of them would wait from its beginning; that one of them has gone says nothing of the server.
 */
export class SharedQuestion<Answer> {
  /** @throws what asking throws; TimeoutError when it was given up */
  readonly answer: Promise<Answer>;
  private readonly startedAt = performance.now();
  private patienceMs = 0;
  private patience: Interruption | undefined;
  private giveUp: (error: BlotterError) => void = () => undefined;

  constructor(asking: Promise<Answer>, leastPatienceMs: number) {
    const silence = new Promise<never>((_resolve, reject) => {
      this.giveUp = reject;
    });
    this.answer = Promise.race([asking, silence]).finally(() => this.patience?.end());
    this.waitAtLeast(leastPatienceMs);
  }

  /** Whether the most patient has gone, or goes just now: their own timers may end before the one of the question. */
  get isOver(): boolean {
    return performance.now() - this.startedAt > this.patienceMs - TIMERS_APART_MS;
  }

  waitAtLeast(milliseconds: number): void {
    if (milliseconds <= this.patienceMs) return;
    this.patienceMs = milliseconds;
    this.patience?.end();
    this.patience = new Interruption({ timeoutMs: milliseconds - (performance.now() - this.startedAt) });
    this.patience.onInterrupt(this.giveUp);
  }
}

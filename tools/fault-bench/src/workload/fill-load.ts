import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '../contestants/contestant-process.js';
import { newChapter, newFill, type ChapterCommand, type FillCommand } from './commands.js';

/** Whatever takes fills. */
export interface FillTaker {
  chapter(command: ChapterCommand): Promise<Outcome>;
  fill(command: FillCommand): Promise<Outcome>;
}

const PAUSE_MS = 20;

/**
 * Callers that record fills without end, each into one of a few portfolios, and send a fill again until it is told to be
 * recorded, as whoever must not lose one does.
 */
export class FillLoad {
  /** Fills that were told to be recorded. */
  readonly acknowledged: string[] = [];
  /** Calls that ended otherwise, by what they were told. */
  readonly failures = new Map<string, number>();

  private readonly running: Promise<void>[] = [];
  private successes: { readonly after: number; readonly tell: (at: number) => void }[] = [];
  private isOver = false;

  constructor(private readonly taker: FillTaker) {}

  /** Calls that ended otherwise, in all. */
  get failed(): number {
    return [...this.failures.values()].reduce((sum, times) => sum + times, 0);
  }

  /** What the calls were told that ended otherwise, for whoever looks for the reason. */
  get notes(): readonly string[] {
    return [...this.failures].map(([reason, times]) => `${times} calls ended: ${reason}`);
  }

  /** @returns whether the portfolios could be made */
  async start(callers: number, portfolios: number): Promise<boolean> {
    const chapters = Array.from({ length: portfolios }, () => newChapter());
    const made = await Promise.all(chapters.map((chapter) => this.taker.chapter(chapter)));
    if (made.some(({ told }) => told !== 'done')) return false;
    for (let caller = 0; caller < callers; caller += 1) {
      const chapter = chapters[caller % portfolios];
      if (chapter) this.running.push(this.call(chapter));
    }
    return true;
  }

  /** When the first fill was told to be recorded that had been sent after a moment; undefined when none is in time. */
  async firstSuccess(after: number, patienceMs: number): Promise<number | undefined> {
    const patience = new AbortController();
    const success = new Promise<number>((tell) => this.successes.push({ after, tell }));
    const first = await Promise.race([success, delay(patienceMs, undefined, { signal: patience.signal })]);
    patience.abort();
    return first;
  }

  /** No new fill is begun; waits for those under way. */
  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.running);
  }

  private async call(chapter: ChapterCommand): Promise<void> {
    let fill = newFill(chapter);
    while (!this.isOver) {
      if ((await this.send(fill)) === 'done') fill = newFill(chapter);
      else await delay(PAUSE_MS);
    }
  }

  private async send(fill: FillCommand): Promise<Outcome['told']> {
    const outcome = await this.taker.fill(fill);
    if (outcome.told === 'done') {
      this.acknowledged.push(fill.executionId);
      for (const { after, tell } of this.successes) if (outcome.startedAt > after) tell(outcome.settledAt);
      this.successes = this.successes.filter(({ after }) => outcome.startedAt <= after);
    } else {
      const reason = 'code' in outcome ? `${outcome.told}: ${outcome.code}` : outcome.told;
      this.failures.set(reason, (this.failures.get(reason) ?? 0) + 1);
    }
    return outcome.told;
  }
}

import { timerMs, type Logger } from '@blotter/application';
import { codeOf } from '../telemetry/failure.js';
import type { HealthCheck, HealthThresholds } from './health-check.js';
import type { HealthReport, HealthState } from './health-report.js';

export interface HealthMonitorOptions extends HealthThresholds {
  /** Milliseconds between two checks; 5,000 unless said otherwise. */
  readonly intervalMs?: number | undefined;
  /** Milliseconds that a check may take; 2,000 unless said otherwise. */
  readonly timeoutMs?: number | undefined;
  /** One check that fails may be a hiccup and is `degraded`; so many in a row are `down`. 2 unless said otherwise. */
  readonly failuresUntilDown?: number | undefined;
}

export interface HealthChange {
  readonly from: HealthState | undefined;
  readonly to: HealthState;
  readonly report: HealthReport;
}

/** What a monitor does for the sessions of its database. */
interface WatchedSessions {
  /** Opens what is missing from the minimum. */
  refill(): Promise<void>;
  /** Replaces all there are before they are used again. */
  renew(): void;
}

const LEVELS = { up: 'info', degraded: 'warn', down: 'error' } as const satisfies Record<HealthState, keyof Logger>;

/** What it returns is awaited by nobody; what it throws, or rejects with, is a log line. */
export type HealthListener = (change: HealthChange) => unknown;

/** Looks at the database again and again, and tells when its state changes. */
export class HealthMonitor implements Disposable {
  private readonly listeners = new Set<HealthListener>();
  private readonly intervalMs: number;
  private readonly timeoutMs: number;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private isStopped = false;
  private last: HealthReport | undefined;

  /** @throws ConfigurationError when one of its times is NaN */
  constructor(
    private readonly check: HealthCheck,
    private readonly options: HealthMonitorOptions,
    private readonly sessions: WatchedSessions,
    private readonly log: Logger,
  ) {
    this.intervalMs = timerMs(options.intervalMs ?? 5_000);
    this.timeoutMs = timerMs(options.timeoutMs ?? 2_000);
    void this.look();
  }

  /** What the newest check found; undefined before the first has come back. */
  get report(): HealthReport | undefined {
    return this.last;
  }

  /** Calls the listener with every change of state, the first included. Returns what takes it away again. */
  onChange(listener: HealthListener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  private async look(): Promise<void> {
    try {
      await this.lookOnce();
    } finally {
      if (!this.isStopped) this.lookAgain();
    }
  }

  private async lookOnce(): Promise<void> {
    const report = this.judged(await this.check.run(this.options, { timeoutMs: this.timeoutMs }));
    if (this.hasStopped()) return;
    // What cut off the check's session did the same to the others, which are idle and do not know it. Once: it may go on for long.
    if (this.failures === 1) this.sessions.renew();
    const from = this.last?.state;
    this.last = report;
    if (from !== report.state) this.tell({ from, to: report.state, report });
    // Sessions that died while they were idle are not missed by anybody until a burst of work needs them all.
    if (report.server && report.pool.waiting === 0) await this.sessions.refill().catch(() => undefined);
  }

  private lookAgain(): void {
    this.timer = setTimeout(() => void this.look(), this.intervalMs);
    // A program that has nothing else to do may end.
    this.timer.unref();
  }

  private tell(change: HealthChange): void {
    const { from, to, report } = change;
    this.log[LEVELS[to]]('database health', {
      from,
      to,
      reasons: report.reasons.join(', '),
      code: report.error?.code,
    });
    for (const listener of this.listeners) void this.tellOne(listener, change);
  }

  private async tellOne(listener: HealthListener, change: HealthChange): Promise<void> {
    try {
      await listener(change);
    } catch (error) {
      // Whoever wants to know of the database must not end the program for it.
      this.log.error('health listener failed', { to: change.to, code: codeOf(error) });
    }
  }

  private hasStopped(): boolean {
    return this.isStopped;
  }

  private judged(report: HealthReport): HealthReport {
    const { failuresUntilDown = 2 } = this.options;
    this.failures = report.state === 'down' ? this.failures + 1 : 0;
    return this.failures > 0 && this.failures < failuresUntilDown ? { ...report, state: 'degraded' } : report;
  }
}

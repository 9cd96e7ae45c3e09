import type { ContestantHost } from '../contestants/contestant-host.js';
import type { Outcome } from '../contestants/contestant-process.js';
import type { GivenUp, PoolCount } from '../contestants/contestant.js';
import type { Attempts, BurstCommand } from '../contestants/messages.js';
import type { Pace } from '../network/lane.js';
import { TcpProxy, type Address } from '../network/tcp-proxy.js';
import type { ChapterCommand, FillCommand } from './commands.js';

export interface StationOptions {
  /** The database, reached directly. */
  readonly url: string;
  readonly address: Address;
  readonly sessions: number;
  readonly applicationName: string;
  readonly pace?: Pace;
  readonly deadlineMs?: number | undefined;
  /** Past the proxy. */
  readonly direct?: boolean;
  /** Milliseconds after which a call counts as hung. */
  readonly patienceMs: number;
}

/** A contestant's pool with a network of its own between it and the server. */
export class Station {
  /** Opens it, twice where the first time fails; undefined when it cannot be. */
  static async open(host: ContestantHost, options: StationOptions): Promise<Station | undefined> {
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const proxy = await TcpProxy.start(options.address, options.pace);
      const station = new Station(host, proxy, host.nextBook(), options);
      const { told } = await station.openBook();
      if (told === 'done') return station;
      await proxy.close();
      await host.revive();
    }
    return undefined;
  }

  private constructor(
    private readonly host: ContestantHost,
    readonly proxy: TcpProxy,
    private readonly book: number,
    readonly options: StationOptions,
  ) {}

  chapter(command: ChapterCommand): Promise<Outcome> {
    return this.host.run({ kind: 'chapter', book: this.book, command }, this.options.patienceMs);
  }

  fill(command: FillCommand): Promise<Outcome> {
    return this.host.run({ kind: 'fill', book: this.book, command }, this.options.patienceMs);
  }

  /** Sent again until it is known to be done. @returns undefined when it hung, or its process died */
  async fillUntilKnown(command: FillCommand, givenUp?: GivenUp): Promise<Attempts | undefined> {
    const task = { kind: 'fill until known', book: this.book, command, ...(givenUp && { givenUp }) } as const;
    const outcome = await this.host.run(task, this.options.patienceMs);
    return outcome.told === 'done' ? outcome.attempts : undefined;
  }

  /** Its own patience is for each of its two steps; the whole may take that long and a little more. */
  burst(burst: BurstCommand): Promise<Outcome> {
    return this.host.run({ kind: 'burst', book: this.book, burst }, burst.patienceMs * 3);
  }

  /** What the pool says; undefined where it does not. */
  async countSessions(): Promise<PoolCount | undefined> {
    const outcome = await this.host.run({ kind: 'count', book: this.book }, this.options.patienceMs);
    return outcome.told === 'done' ? outcome.pool : undefined;
  }

  /**
   * Waits until the contestant can have heard of a cut: its event loop has turned twice since, so a transaction that begins
   * on the dead session after this is the pool's fault.
   */
  async settle(): Promise<void> {
    await this.countSessions();
    await this.countSessions();
  }

  /** @returns how the closing ended; the network is gone in any case */
  async close(): Promise<Outcome> {
    const outcome = await this.host.run({ kind: 'close', book: this.book }, this.options.patienceMs);
    await this.proxy.close();
    return outcome;
  }

  private openBook(): Promise<Outcome> {
    const { url, direct, sessions, applicationName, deadlineMs, patienceMs } = this.options;
    const options = { url: direct ? url : this.proxy.url(url), sessions, applicationName, deadlineMs };
    return this.host.run({ kind: 'open', book: this.book, options }, patienceMs);
  }
}

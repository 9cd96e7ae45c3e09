import { CONTESTANTS, type ContestantName } from '../contestants/names.js';
import { messageOf } from '../contestants/message-of.js';
import type { BookKey, Round } from '../contestants/protocol.js';
import type { Runner } from '../contestants/runner.js';
import type { Variant } from '../workloads/workload.js';
import type { LaneResult, Sample } from './result.js';

const US = 1_000_000;
/** A peer whose pieces take seconds has shown in so many how fast it is: repeated seven times, some would take an hour. */
const ENOUGH_SECONDS = 30;

/** What is read before and after a round. */
export interface Meters {
  readonly serverCpuSeconds: () => number | undefined;
  readonly bursts: () => number;
}

/** One contestant in one variant: round by round, until it fails. */
export class Lane {
  /** What it was told is done, warm-up included. */
  operations = 0;
  exact: boolean | undefined;
  private readonly samples: Sample[] = [];
  /** Seconds that were measured. */
  private worked = 0;
  private problem: string | undefined;

  constructor(
    readonly contestant: ContestantName,
    readonly variant: Variant,
    readonly runner: Runner,
    private readonly book: BookKey,
  ) {}

  /** Whether another round of it would tell nothing more. */
  get isDone(): boolean {
    const { isLong = false } = this.variant;
    const isPeer = CONTESTANTS[this.contestant].kind === 'peer';
    return this.hasFailed || (isLong && isPeer && this.worked >= ENOUGH_SECONDS);
  }

  get hasFailed(): boolean {
    return this.problem !== undefined;
  }

  /** A round that does not count. */
  async warmUp(round: Round): Promise<void> {
    await this.guarded(async () => {
      this.operations += (await this.runner.run(this.book, round)).operations;
    });
  }

  async measure(round: Round, meters: Meters): Promise<void> {
    await this.guarded(async () => {
      const [cpu, bursts] = [meters.serverCpuSeconds(), meters.bursts()];
      const result = await this.runner.run(this.book, round);
      const { operations } = result;
      const serverCpu = difference(meters.serverCpuSeconds(), cpu);
      this.operations += operations;
      this.worked += result.seconds;
      this.samples.push({
        figure: operations / result.seconds,
        serverCpuUs: serverCpu && (serverCpu / operations) * US,
        clientCpuUs: (result.clientCpuSeconds / operations) * US,
        memoryMb: result.memoryMb,
        memoryGrowthMb: result.memoryGrowthMb,
        ...(this.variant.delayed && { bursts: (meters.bursts() - bursts) / operations }),
      });
    });
  }

  /** Its failure is its own: the others go on. */
  async guarded(work: () => Promise<void>): Promise<void> {
    if (this.hasFailed) return;
    try {
      await work();
    } catch (error) {
      this.fail(messageOf(error));
    }
  }

  fail(problem: string): void {
    this.problem ??= problem;
    this.exact = false;
  }

  result(): LaneResult {
    const { contestant, variant, samples, exact, problem } = this;
    return { contestant, variant: variant.name, samples, exact, problem };
  }
}

function difference(after: number | undefined, before: number | undefined): number | undefined {
  return after === undefined || before === undefined ? undefined : after - before;
}

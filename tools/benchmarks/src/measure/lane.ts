import type { ContestantName } from '../contestants/names.js';
import { messageOf } from '../contestants/message-of.js';
import type { BookKey, Round } from '../contestants/protocol.js';
import type { Runner } from '../contestants/runner.js';
import type { Variant } from '../workloads/workload.js';
import type { LaneResult, Sample } from './result.js';

const US = 1_000_000;

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
  private problem: string | undefined;

  constructor(
    readonly contestant: ContestantName,
    readonly variant: Variant,
    readonly runner: Runner,
    private readonly book: BookKey,
  ) {}

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
      this.add({
        figure: operations / result.seconds,
        serverCpuUs: serverCpu && (serverCpu / operations) * US,
        clientCpuUs: (result.clientCpuSeconds / operations) * US,
        memoryMb: result.memoryMb,
        memoryGrowthMb: result.memoryGrowthMb,
        ...(this.variant.delayed && { bursts: (meters.bursts() - bursts) / operations }),
      });
    });
  }

  add(sample: Sample): void {
    this.samples.push(sample);
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

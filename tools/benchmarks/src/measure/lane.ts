import type { ContestantName } from '../contestants/names.js';
import type { BookKey, Round } from '../contestants/protocol.js';
import type { Runner } from '../contestants/runner.js';
import { serverCpuSeconds } from '../server/cpu.js';
import type { Variant } from '../workloads/workload.js';
import type { LaneResult, Sample } from './result.js';

const US = 1_000_000;

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
    private readonly runner: Runner,
  ) {}

  get hasFailed(): boolean {
    return this.problem !== undefined;
  }

  /** A round that does not count. */
  async warmUp(book: BookKey, round: Round): Promise<void> {
    await this.guarded(async () => {
      this.operations += (await this.runner.run(book, round)).operations;
    });
  }

  async measure(book: BookKey, round: Round, postmaster: number): Promise<void> {
    await this.guarded(async () => {
      const before = serverCpuSeconds(postmaster);
      const result = await this.runner.run(book, round);
      const after = serverCpuSeconds(postmaster);
      this.operations += result.operations;
      this.samples.push({
        rate: result.operations / result.seconds,
        serverCpuUs:
          before === undefined || after === undefined ? undefined : ((after - before) / result.operations) * US,
        clientCpuUs: (result.clientCpuSeconds / result.operations) * US,
        memoryMb: result.memoryMb,
        memoryGrowthMb: result.memoryGrowthMb,
      });
    });
  }

  /** Its failure is its own: the others go on. */
  async guarded(work: () => Promise<void>): Promise<void> {
    if (this.hasFailed) return;
    try {
      await work();
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
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

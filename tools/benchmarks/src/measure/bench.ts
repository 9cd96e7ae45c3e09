import type { ContestantName } from '../contestants/names.js';
import type { Runner } from '../contestants/runner.js';
import type { Round } from '../contestants/protocol.js';
import { createdAt, orderId, orderNumber, ordersOfFirst, PORTFOLIOS } from '../book/layout.js';
import type { DelayProxy } from '../network/delay-proxy.js';
import type { BenchServer } from '../server/bench-server.js';
import { serverCpuSeconds } from '../server/cpu.js';
import type { Variant } from '../workloads/workload.js';
import type { Meters } from './lane.js';

/** Sizes of the books, in orders, and how much is measured. */
export interface Effort {
  readonly rounds: number;
  readonly roundMs: number;
  /** Before the first round, without counting. */
  readonly warmUpMs: number;
  /** Before each turn of a contestant, without counting. */
  readonly turnWarmUpMs: number;
  /** Callers at once, whatever a variant would have. */
  readonly mostTasks: number;
  readonly orders: { readonly small: number; readonly large: number };
  /** Rows of one piece of bulk work. */
  readonly bulk: number;
}

/** What every workload is measured with. */
export class Bench {
  constructor(
    readonly server: BenchServer,
    private readonly proxy: DelayProxy,
    readonly runners: ReadonlyMap<ContestantName, Runner>,
    readonly effort: Effort,
    readonly progress: (text: string) => void,
  ) {}

  get meters(): Meters {
    const { postmasterPid } = this.server;
    return { serverCpuSeconds: () => serverCpuSeconds(postmasterPid), bursts: () => this.proxy.bursts };
  }

  ordersIn({ book }: Variant): number {
    return this.effort.orders[book];
  }

  /** Where and with how many connections everybody opens a database for this variant. */
  optionsFor(variant: Variant, database: string): { readonly url: string; readonly sessions: number } {
    const url = this.server.url(database);
    return {
      url: variant.delayed ? this.proxy.url(url) : url,
      sessions: Math.min(variant.tasks <= 8 ? 8 : 20, this.effort.mostTasks),
    };
  }

  roundOf(variant: Variant, forMs: number): Round {
    const orders = this.ordersIn(variant);
    const { operation, portfolios = PORTFOLIOS, depth } = variant;
    const before = depth === undefined ? undefined : orderNumber(orders, 1, Math.floor(ordersOfFirst(orders) * depth));
    return {
      operation,
      orders,
      tasks: this.tasksOf(variant),
      forMs,
      amount: this.effort.bulk,
      portfolios,
      pageStart: before === undefined ? undefined : { id: orderId(before), createdAt: createdAt(before) },
    };
  }

  private tasksOf({ tasks }: Variant): number {
    return Math.min(tasks, this.effort.mostTasks);
  }
}

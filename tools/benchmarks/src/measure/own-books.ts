import type { ContestantName } from '../contestants/names.js';
import { messageOf } from '../contestants/message-of.js';
import type { Opened } from '../contestants/protocol.js';
import type { Runner } from '../contestants/runner.js';
import type { Variant } from '../workloads/workload.js';
import type { Bench } from './bench.js';
import { checkBook } from './check-book.js';
import { Lane } from './lane.js';

interface Copy {
  readonly database: string;
  readonly copiedFrom: string;
  readonly lanes: Lane[];
}

/** The books that one contestant has open: one for all variants that would open it alike. Reads share a database; who writes has copies. */
export class OwnBooks {
  private readonly opened = new Map<string, Opened>();
  /** By their number of orders. */
  private readonly copies = new Map<number, Copy>();

  constructor(
    private readonly bench: Bench,
    private readonly contestant: ContestantName,
    private readonly runner: Runner,
    private readonly areWritten: boolean,
  ) {}

  /** A lane of it in this variant; undefined where it has no way of its own for the work. */
  async lane(variant: Variant): Promise<Lane | undefined> {
    const { bench, contestant, runner } = this;
    const orders = bench.ordersIn(variant);
    const copy = this.areWritten ? await this.copy(orders) : undefined;
    const options = bench.optionsFor(variant, copy?.database ?? (await bench.server.filledBook(orders)));
    const key = `${options.url} ${options.sessions}`;
    const lane = new Lane(contestant, variant, runner, key);
    try {
      const opened = this.opened.get(key) ?? (await runner.open(key, options));
      this.opened.set(key, opened);
      if (!opened.operations.includes(variant.operation)) return undefined;
    } catch (error) {
      lane.fail(messageOf(error));
    }
    copy?.lanes.push(lane);
    return lane;
  }

  /** Closes them, and looks at what was written. */
  async close(): Promise<void> {
    // Whose process has died has closed them.
    for (const key of this.opened.keys()) await this.runner.close(key).catch(() => undefined);
    for (const { lanes, ...copy } of this.copies.values()) {
      await checkBook(this.bench, copy, lanes);
      await this.bench.server.drop(copy.database);
    }
  }

  private async copy(orders: number): Promise<Copy> {
    const { server } = this.bench;
    const known = this.copies.get(orders);
    if (known !== undefined) return known;
    const copiedFrom = await server.filledBook(orders);
    const copy = { database: await server.copyOfBook(orders), copiedFrom, lanes: [] };
    this.copies.set(orders, copy);
    return copy;
  }
}

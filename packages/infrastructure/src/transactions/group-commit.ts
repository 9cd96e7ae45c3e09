import { GroupedCommands, inSendingOrder, type WaitOptions, type Write } from '@blotter/application';
import type { Telemetry } from '../telemetry/telemetry.js';
import { commitWrites } from './commit-writes.js';
import type { LeasedTransaction } from './leased-transaction.js';

/**
 * Commits the writes of units that only write, those that come at the same time in one transaction: while groups are on the wire,
 * the next one forms. Where a group is refused, its units are committed alone and side by side, as many at once as there are sessions,
 * so that each caller has an outcome of its own.
 */
export class GroupCommit {
  private readonly commands: GroupedCommands<readonly Write[], void>;

  constructor(
    private readonly lease: (wait: WaitOptions) => LeasedTransaction,
    telemetry: Telemetry,
  ) {
    this.commands = new GroupedCommands({
      // None waits for another: of two that change the same, one is told of the conflict, as without groups.
      keyOf: (writes) => writes,
      alone: (writes, wait) => this.commit(writes, wait),
      together: async (groups) => {
        await telemetry.detached(() => this.commit(inSendingOrder(groups.flat())));
        return groups.map(() => ({ status: 'fulfilled', value: undefined }));
      },
    });
  }

  /** @throws what a transaction of their own would; AmbiguousCommitError when the caller's patience ends while its group is on the wire */
  send(writes: readonly Write[], wait: WaitOptions): Promise<void> {
    return this.commands.send(writes, wait);
  }

  private commit(writes: readonly Write[], wait: WaitOptions = {}): Promise<void> {
    const lease = this.lease(wait);
    lease.interruption.onInterrupt((error) => {
      lease.destroySession(error);
    });
    return commitWrites(lease, () => lease.begin(), false, writes);
  }
}

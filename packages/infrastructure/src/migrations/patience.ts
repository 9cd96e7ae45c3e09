import { setTimeout as sleep } from 'node:timers/promises';
import type { BlotterError } from '@blotter/domain';
import type { DatabaseConfig } from '../database/database-config.js';
import { translateError } from '../database/translate-error.js';
import type { MigrationError } from './migration-error.js';

/** Others were in the way, and will not be for ever. */
const IN_THE_WAY: ReadonlySet<string> = new Set(['LOCK_TIMEOUT', 'DEADLOCK', 'SERIALIZATION_FAILURE']);

export const isInTheWay = ({ code }: BlotterError): boolean => IN_THE_WAY.has(code);

/**
 * Whoever comes after a statement that waits for a strong lock waits behind it. So it waits for a short time only, and
 * leaves the table to the others for at least as long before it asks again.
 * @param work all of it or nothing, so that it can be done again
 */
export async function patiently(
  { settings: { migrationLockTimeoutMs, migrationPatienceMs } }: DatabaseConfig,
  work: () => Promise<void>,
  blocked: (reason: BlotterError) => MigrationError,
): Promise<void> {
  const deadline = performance.now() + migrationPatienceMs;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      const reason = translateError(error);
      if (!isInTheWay(reason)) throw reason;
      if (performance.now() >= deadline) throw blocked(reason);
    }
    await sleep(migrationLockTimeoutMs * (1 + Math.random()));
  }
}

import { BlotterError } from '@blotter/domain';
import type { Migrator } from '@blotter/infrastructure';
import type { Ask } from './confirm.js';

/** Going back was not confirmed. Nothing was done. */
export class NotConfirmedError extends BlotterError {
  readonly code = 'NOT_CONFIRMED';
}

/**
 * Asks whether what would be taken back may be, with what it loses.
 * @returns the versions of the question, for `Migrator` to expect: meanwhile it may have become others
 * @throws NotConfirmedError
 */
export async function confirmed(
  migrator: Migrator,
  way: 'down' | 'redo',
  ask: Ask,
  to?: string,
): Promise<readonly string[]> {
  const plan = (await migrator.plan(way, { to })).filter(({ direction }) => direction === 'down');
  const versions = plan.map(({ version }) => version);
  if (versions.length === 0) return versions;
  const losses = plan.flatMap((migration) => migration.losses);
  const [named, loss] = [versions.join(', '), losses.length > 0 ? ` This loses ${losses.join('; ')}.` : ''];
  if (await ask(`Take back ${named}?${loss}`)) return versions;
  throw new NotConfirmedError(`Nothing was done. To take back ${named}, say yes at a terminal, or give --yes.${loss}`);
}

import { BlotterError } from '@blotter/domain';
import type { Migrator } from '@blotter/infrastructure';
import { confirm } from './confirm.js';

/** Going back was not confirmed, or is not any more what was confirmed. Nothing was done. */
export class NotConfirmedError extends BlotterError {
  readonly code = 'NOT_CONFIRMED';
}

/**
 * Asks whether what would be taken back may be, with what it loses.
 * @returns the version to go back to: that of the question, whatever else has been applied or taken back while it was asked
 * @throws NotConfirmedError
 */
export async function confirmedTarget(
  migrator: Migrator,
  to: string | undefined,
  ask: (question: string) => Promise<boolean> = confirm,
  way: 'down' | 'redo' = 'down',
): Promise<string | undefined> {
  const backwards = async () => (await migrator.plan(way, { to })).filter(({ direction }) => direction === 'down');
  const plan = await backwards();
  const [versions, losses] = [versionsOf(plan), plan.flatMap((migration) => migration.losses)];
  if (plan.length === 0) return to;
  const target = to ?? (await versionBefore(migrator, plan[0]?.version ?? ''));
  const loss = losses.length > 0 ? ` This loses ${losses.join('; ')}.` : '';
  if (!(await ask(`Take back ${versions}?${loss}`))) {
    throw new NotConfirmedError(
      `Nothing was done. To take back ${versions}, say yes at a terminal, or give --yes.${loss}`,
    );
  }
  if (versionsOf(await backwards()) === versions) return target;
  throw new NotConfirmedError('Nothing was done: others have moved the schema while you were asked. Look again.');
}

const versionsOf = (plan: readonly { readonly version: string }[]) => plan.map(({ version }) => version).join(', ');

async function versionBefore(migrator: Migrator, newest: string): Promise<string> {
  const applied = (await migrator.status()).filter(
    ({ appliedAt, version }) => appliedAt !== undefined && version < newest,
  );
  return applied.at(-1)?.version ?? '0';
}

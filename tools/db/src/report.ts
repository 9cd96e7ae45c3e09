import type {
  MigrationError,
  MigrationName,
  MigrationReport,
  MigrationStatus,
  PlannedMigration,
  RepairReport,
} from '@blotter/infrastructure';
import Table from 'cli-table3';

const named = (migrations: readonly MigrationName[]) =>
  migrations.map(({ version, name }) => `${version}_${name}`).join(', ');

export function reportLines({ reverted, applied, current }: MigrationReport): string {
  const lines = [
    reverted.length > 0 && `taken back: ${named(reverted)}`,
    applied.length > 0 && `applied: ${named(applied)}`,
    reverted.length + applied.length === 0 && 'nothing to do',
    `the schema is at ${current ?? 'nothing'}`,
  ];
  return lines.filter((line) => line !== false).join('\n');
}

export function repairLines({ finished, rebuilt, removed, accepted }: RepairReport): string {
  const lines = [
    finished.length > 0 && `finished: ${named(finished)}`,
    rebuilt.length > 0 && `indexes built again: ${rebuilt.join(', ')}`,
    removed.length > 0 && `broken indexes that are gone: ${removed.join(', ')}`,
    accepted.length > 0 && `accepted as they are: ${named(accepted)}`,
  ].filter((line) => line !== false);
  return lines.length > 0 ? lines.join('\n') : 'nothing to repair';
}

export function statusTable(status: readonly MigrationStatus[]): string {
  const table = new Table({
    head: ['version', 'name', 'state', 'applied at', 'by', 'ms', 'way back'],
    style: { head: [], border: [] },
  });
  for (const { version, name, state, appliedAt, appliedBy, durationMs, isReversible, losses } of status) {
    const wayBack = !isReversible ? 'none' : losses.length > 0 ? 'with loss' : 'yes';
    table.push([version, name, state, appliedAt ?? '', appliedBy ?? '', durationMs ?? '', wayBack]);
  }
  return table.toString();
}

export function planLines(plan: readonly PlannedMigration[]): string {
  if (plan.length === 0) return 'nothing to do';
  return plan
    .map(({ version, name, direction, isTransactional, losses, statements }) =>
      [
        `-- ${direction} ${version}_${name}${isTransactional ? '' : ', outside a transaction'}`,
        ...losses.map((loss) => `-- loses ${loss}`),
        ...statements.map(ended),
      ].join('\n'),
    )
    .join('\n\n');
}

/** With its semicolon, so that it can be pasted; on a line of its own where the last one may be a comment. */
function ended(statement: string): string {
  const text = statement.trimEnd();
  return text.endsWith(';') ? text : `${text}${/--[^\n]*$/.test(text) ? '\n' : ''};`;
}

export function problemTable(problems: readonly MigrationError[]): string {
  if (problems.length === 0) return 'files and database agree';
  const table = new Table({
    head: ['code', 'version', 'what to do'],
    style: { head: [], border: [] },
    colWidths: [24, 9, 90],
    wordWrap: true,
  });
  for (const { code, version, message } of problems) table.push([code, version ?? '', message]);
  return table.toString();
}

/** An error's fields that are for programs; its cause may be long, and is not. */
export const errorFields = ({ code, version, message }: MigrationError) => ({ code, version, message });

/** An error as programs or people read it; where it has no code it is a fault of ours, and people are to see where. */
export function errorLine(error: unknown, isJson: boolean): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const [code, version] = ['code', 'version'].map((key) => fieldOf(error, key));
  if (isJson) return JSON.stringify({ code: code ?? 'UNEXPECTED', version, message });
  return code === undefined ? (stack ?? message) : `${code}: ${message}`;
}

function fieldOf(error: unknown, key: string): string | undefined {
  const value: unknown = error instanceof Error && key in error ? error[key as keyof Error] : undefined;
  return typeof value === 'string' ? value : undefined;
}

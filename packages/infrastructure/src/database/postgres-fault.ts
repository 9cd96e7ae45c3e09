/**
 * What PostgreSQL said, without what it was asked. The driver's error carries the statement, its parameters and
 * the values of the row; none of them may reach a log, so this takes its place as the `cause` of our errors.
 */
export class PostgresFault extends Error {
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  /** Where in the statement that was sent, in characters from 1; only where the server says it. */
  readonly position: number | undefined;
  /** The id that `require_one` names. Of other errors the detail contains values, and is left out. */
  readonly staleId: string | undefined;
  /** Whether it is said of a prepared statement that no longer fits the schema (0A000, which may be many things), or is gone (26000). */
  readonly isOutdatedStatement: boolean;
  /** The line of a COPY that was refused, from 1; undefined where the server named none. */
  readonly copyLine: number | undefined;

  constructor(
    /** Five characters; PostgreSQL's manual, Appendix A. */
    readonly sqlState: string,
    { constraint, table, column, position, staleId, isOutdatedStatement = false, copyLine }: FaultFields = {},
  ) {
    const names = Object.entries({ table, column, constraint }).filter(([, name]) => name !== undefined);
    super([`SQLSTATE ${sqlState}`, ...names.map(([kind, name]) => `${kind} ${name ?? ''}`)].join(', '));
    this.name = 'PostgresFault';
    this.constraint = constraint;
    this.table = table;
    this.column = column;
    this.position = position;
    this.staleId = staleId;
    this.isOutdatedStatement = isOutdatedStatement;
    this.copyLine = copyLine;
  }
}

/** What the server names in an error. */
interface FaultFields {
  readonly constraint?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly position?: number | undefined;
  readonly staleId?: string | undefined;
  readonly isOutdatedStatement?: boolean;
  readonly copyLine?: number | undefined;
}

/** The SQLSTATE of the SQL function `require_one`: a version is not as expected. */
export const STALE_VERSION = 'BL001';

const NOT_NULL_VIOLATION = '23502';

/** The SQLSTATEs of violated constraints begin with this. */
const INTEGRITY_CLASS = '23';

/** What the server said of the values that violate a constraint: kept where nothing prints it, and only compared. */
const details = new WeakMap<PostgresFault, string>();

/**
 * The row that a violated constraint is about, among those that were written: the server says "Key (a, b)=(1, 2) already exists." or
 * "Failing row contains (id, …)." Each row by its columns, the id first.
 */
export function failingRow<Row>(
  fault: PostgresFault,
  rows: readonly Row[],
  valueOf: (row: Row, column: string) => string,
): Row | undefined {
  const detail = details.get(fault);
  if (detail === undefined) return undefined;
  const [, columns, values] = /\(([a-z_, ]+)\)=\((.*)\)/s.exec(detail) ?? [];
  if (columns === undefined) return rows.find((row) => detail.includes(`(${valueOf(row, 'id')},`));
  const names = columns.split(', ');
  return rows.find((row) => names.map((name) => valueOf(row, name)).join(', ') === values);
}

/** The fault inside an error of the driver or of drizzle; undefined when the server did not say it. */
export function faultOf(error: unknown): PostgresFault | undefined {
  if (error instanceof PostgresFault) return error;
  if (!(error instanceof Error)) return undefined;
  // drizzle wraps what the driver throws, with the parameters in its message.
  if (error.name !== 'PostgresError') return error.cause === undefined ? undefined : faultOf(error.cause);
  const fields = error as {
    code?: string;
    constraint_name?: string;
    table_name?: string;
    column_name?: string;
    position?: string;
    detail?: string;
    routine?: string;
    where?: string;
  };
  const sqlState = fields.code ?? 'XX000';
  const fault = new PostgresFault(sqlState, {
    constraint: fields.constraint_name,
    table: fields.table_name,
    // The server itself names a column with this state alone; with any other it is what somebody's function chose to say.
    column: sqlState === NOT_NULL_VIOLATION ? fields.column_name : undefined,
    position: fields.position === undefined ? undefined : Number(fields.position),
    staleId: sqlState === STALE_VERSION ? fields.detail : undefined,
    isOutdatedStatement: fields.routine === 'RevalidateCachedQuery' || fields.routine === 'FetchPreparedStatement',
    copyLine: copyLineIn(fields.where),
  });
  if (fields.detail !== undefined && sqlState.startsWith(INTEGRITY_CLASS)) details.set(fault, fields.detail);
  return fault;
}

/** "COPY orders, line 3": of the server's context the number alone, for the rest of it may be values. */
function copyLineIn(where: string | undefined): number | undefined {
  const [, line] = /^COPY \D*(\d+)/.exec(where ?? '') ?? [];
  return line === undefined ? undefined : Number(line);
}

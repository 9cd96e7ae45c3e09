import type postgres from 'postgres';
import { sendOnce } from './send-once.js';

/** The fields of a query of postgres.js that we look at; its types do not have them. */
export interface DriverQuery {
  /** Null until the query is handed to the wire; then what the server said of itself. */
  readonly state: { readonly pid: number | null; readonly secret: number | null } | null;
  /** What it was made of, and what is sent with it; the driver makes the second of the first unless it is there. */
  args: readonly unknown[];
  parameters?: unknown[];
  /** What the driver calls with the answer, or with what went wrong. */
  resolve: (answer: unknown) => void;
  reject: (error: unknown) => void;
  values(): unknown;
  execute(): unknown;
}

/** How the driver is to send a query, and to give its rows. */
interface QueryOptions {
  readonly prepare: boolean;
  /** Whether the session has answered the text before. */
  readonly wasAnswered: boolean;
  readonly simple: boolean;
  /** By the positions of the columns, not by their names. */
  readonly asArrays: boolean;
}

/**
 * A query of the driver's, which is not sent yet. It is made in an async function, which looks needless: made in any other, a short
 * read takes a tenth to a fifth more of the client's time, as was measured side by side; why, only V8 knows. It is not returned from
 * there: a query is a promise of a kind, and to wait for it is to send it.
 */
export function makeQuery(
  client: postgres.Sql,
  text: string,
  parameters: readonly unknown[],
  { prepare, wasAnswered, simple, asArrays }: QueryOptions,
): DriverQuery {
  const made: { query?: DriverQuery } = {};
  // eslint-disable-next-line @typescript-eslint/require-await -- nothing is awaited; see above
  const make = async () => {
    // The driver's types know neither nulls in arrays of parameters, nor `simple`, nor what else we look at.
    const query = client.unsafe(text, parameters as string[], { prepare, simple } as object) as unknown as DriverQuery;
    if (prepare) {
      sendOnce(query);
      if (wasAnswered) giveParameters(query, parameters);
      else findByText(query);
    }
    if (asArrays) query.values();
    made.query = query;
  };
  void make();
  return made.query as DriverQuery;
}

/**
 * The driver finds a prepared statement by its text behind the types of all its parameters, which it guesses, joins, and puts in front of
 * the text: a new string each time, of two kilobytes for a fill, to be copied and hashed. By the text alone that is done once.
 */
function findByText(query: object): void {
  Object.defineProperty(query, 'signature', textAlone);
}

const textAlone: PropertyDescriptor & ThisType<{ readonly strings: readonly [string] }> = {
  get() {
    return this.strings[0];
  },
  set() {
    // The driver puts here what it would find it by; that is what is not wanted.
  },
};

/**
 * Without arguments to look at, the driver puts nothing before the text, and asks the server for no types before it sends the values.
 * It needs none: every value is a text, which the server reads as what the statement takes.
 */
function giveParameters(query: DriverQuery, parameters: readonly unknown[]): void {
  query.args = [];
  // A copy, since the driver writes their texts into it.
  query.parameters = [...parameters];
}

/**
 * Sends the query, and hands over its answer, or what went wrong; once. The driver's own promise is not used, and never settles. It
 * would keep the rows longer than anybody: V8 gives the two functions that the driver makes for a query (`this.resolve = …`) a
 * place among what is old, since such an assignment looks like a method; all that can be reached from them, rows too, then
 * lives until the next full collection: a process that streams a million orders took 171 MB so, and takes 119.
 */
export function onAnswer(
  query: DriverQuery,
  answered: (answer: unknown) => void,
  failed: (error: unknown) => void,
): void {
  // Not written into the assignments, for the same reason.
  const resolve = (answer: unknown) => {
    forget(query);
    answered(answer);
  };
  const reject = (error: unknown) => {
    forget(query);
    failed(error);
  };
  query.resolve = resolve;
  query.reject = reject;
  query.execute();
}

/** From here on nothing of the answer can be reached from the query. */
function forget(query: DriverQuery): void {
  query.resolve = ignore;
  query.reject = ignore;
}

function ignore(): void {
  // It has been settled.
}

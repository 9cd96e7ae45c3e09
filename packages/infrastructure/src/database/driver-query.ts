/** The fields of a query of postgres.js that we look at; its types do not have them. */
export interface DriverQuery {
  /** Null until the query is handed to the wire; then what the server said of itself. */
  readonly state: { readonly pid: number | null; readonly secret: number | null } | null;
  /** What the driver calls with the answer, or with what went wrong. */
  resolve: (answer: unknown) => void;
  reject: (error: unknown) => void;
  values(): unknown;
  execute(): unknown;
}

/**
 * Sends the query, and hands over its answer, or what went wrong; once. The driver's own promise is not used, and never settles. It
 * would keep the rows longer than anybody: V8 gives the two functions that the driver makes for a query (`this.resolve = …`) a
 * place among what is old, since such an assignment looks like a method; all that can be reached from them, rows too, then
 * lives until the next full collection. A stream of a million rows took twice the memory so.
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

/** The fields of a query of postgres.js that we look at; its types do not have them. */
export interface DriverQuery {
  /** Null until the query is handed to the wire; then what the server said of itself. */
  readonly state: { readonly pid: number | null; readonly secret: number | null } | null;
  values(): unknown;
}

/**
 * Keeps postgres.js from sending a prepared statement a second time by itself. It does so when the server refuses one that a
 * migration has outdated (0A000, 26000), behind everything that is on the wire already: behind COMMIT too, where the
 * statement then runs in no transaction and commits alone. It decides by `prepared` when the answer comes; that field is
 * read for sending in the same turn in which it is set, so it is forgotten right after that.
 */
export function sendOnce(query: object): void {
  let prepared: unknown = false;
  Object.defineProperty(query, 'prepared', {
    get: () => prepared,
    set: (value: unknown) => {
      prepared = value;
      queueMicrotask(() => {
        prepared = false;
      });
    },
  });
}

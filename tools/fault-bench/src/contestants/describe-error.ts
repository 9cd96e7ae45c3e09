/** The code and the words of an error, for whoever looks for the reason. */
export function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: 'UNKNOWN', message: String(error) };
  const { code } = error as { code?: unknown };
  // drizzle wraps the driver's error, which is the one with a code.
  if (code === undefined && error.cause instanceof Error) return describe(error.cause);
  return { code: typeof code === 'string' ? code : error.name, message: `${error.name}: ${error.message}` };
}

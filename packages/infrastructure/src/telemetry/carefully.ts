/**
 * Tells what the program has installed: a logger, or the processors and readers of its SDK. One that fails (a disk is full) must not
 * decide what became of a transaction.
 */
export function carefully<Result>(tell: () => Result): Result | undefined {
  try {
    return tell();
  } catch {
    // There is nobody to tell.
    return undefined;
  }
}

/** The reason of a promise that is expected to be rejected. @throws when it is not */
export async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (reason) {
    return reason;
  }
  throw new Error(`It was expected to fail, and gave ${String(value)}.`);
}

/** What a step gives or throws, as an outcome. */
export function settled<Result>(step: () => Result): PromiseSettledResult<Result> {
  try {
    return { status: 'fulfilled', value: step() };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}

/** The values of the outcomes. @throws the first error among them */
export function valuesOf<Result>(outcomes: readonly PromiseSettledResult<Result>[]): Result[] {
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

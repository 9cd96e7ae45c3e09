import { AmbiguousCommitError } from '@blotter/application';

const ATTEMPTS = 5;

/**
 * Sends a command, and sends it again while nobody knows whether it was committed. Every command of the book carries an
 * id, so the second time has no second effect.
 * @throws the command's error; AmbiguousCommitError when even the last attempt brought no answer
 */
export async function untilKnown<Result>(command: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await command();
    } catch (error) {
      if (!(error instanceof AmbiguousCommitError) || attempt === ATTEMPTS) throw error;
    }
  }
}

import type { FillCommand } from '../workload/commands.js';
import type { Contestant, GivenUp, OpenBook, ToldByError } from './contestant.js';
import { describe } from './describe-error.js';
import type { Attempts } from './messages.js';

/** A fill that is sent until it is known to be done, the first time perhaps given up; never throws. */
export async function fillUntilKnown(
  contestant: Contestant,
  book: OpenBook,
  { command, givenUp }: { readonly command: FillCommand; readonly givenUp?: GivenUp },
): Promise<Attempts> {
  const told: ('done' | ToldByError)[] = [];
  let code: string | undefined;
  const attempt = async (): Promise<void> => {
    try {
      await book.recordFill(command, told.length === 0 ? givenUp : undefined);
      told.push('done');
    } catch (error) {
      code ??= describe(error).code;
      told.push(contestant.readError(error));
      throw error;
    }
  };
  // What the last attempt was told says how it ended.
  await contestant.untilKnown(attempt).catch(() => undefined);
  return { first: told[0] ?? 'not written', code, last: told.at(-1) ?? 'not written', count: told.length };
}

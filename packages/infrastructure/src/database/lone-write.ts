import { AmbiguousCommitError } from '@blotter/application';
import { namedQuery } from '../telemetry/query.js';
import type { TransactionTrace } from '../telemetry/transaction-trace.js';
import { faultOf } from './postgres-fault.js';
import type { PreparedWrite } from './prepared-write.js';
import type { Session } from './session.js';
import { isSilence } from './silence.js';
import { translateError } from './translate-error.js';

/**
 * Sends one statement that is a transaction by itself: without BEGIN and COMMIT, it is committed when it is answered.
 * @throws the application's error of it; AmbiguousCommitError when it may have been written and no answer settles it
 */
export async function sendAlone(session: Session, write: PreparedWrite, trace?: TransactionTrace): Promise<void> {
  const sent = session.prepared(write.text, write.values);
  void trace?.ask(session.server, namedQuery(write.name), () => sent.result);
  try {
    await sent.result;
  } catch (error) {
    const fault = faultOf(error);
    const translated = translateError(error, fault && write.subjectOf(fault));
    if (isSilence(translated, session) && sent.wasWritten()) throw new AmbiguousCommitError({ cause: translated });
    throw translated;
  }
}

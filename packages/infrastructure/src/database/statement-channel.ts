import { Readable, Writable } from 'node:stream';
import { ConfigurationError } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import type postgres from 'postgres';
import { copyIn, type CopyQuery } from './copy-in.js';
import { faultOf, type PostgresFault } from './postgres-fault.js';
import { makeQuery, onAnswer } from './driver-query.js';
import { unsent, type Sent } from './sent.js';
import type { StatementsInFlight } from './statements-in-flight.js';
import { connectionLost, driverRefusal } from './translate-error.js';

/** The session whose statements these are. */
interface Connection {
  /** Why it ended; undefined while it lives. */
  readonly endedBy: BlotterError | undefined;
  destroy(error: BlotterError): void;
}

/**
 * Gives statements to the driver. Every promise is our own, settled once: with the answer, with what the server said, or with why
 * the connection ended. The driver's own would not always settle.
 */
export class StatementChannel {
  /**
   * Texts with parameters that were answered before: the session has them prepared as long as it lives, or, behind a pooler, needs not
   * be asked of what types their parameters are. Private to JavaScript too, for no inspection is to show the texts of callers.
   */
  readonly #answered = new Set<string>();

  constructor(
    private readonly client: postgres.Sql,
    private readonly inFlight: StatementsInFlight,
    private readonly connection: Connection,
  ) {}

  /** Sends one statement, or several of our own in one text. Its answer is rows, or their values by position. */
  send<Result>(
    text: string,
    parameters: readonly unknown[],
    prepare: boolean,
    { oneStatement = false, asArrays = false }: { readonly oneStatement?: boolean; readonly asArrays?: boolean } = {},
  ): Sent<Result> {
    if (this.connection.endedBy) return unsent(this.connection.endedBy);
    if (parameters.some((value) => value === undefined)) return unsent(undefinedParameter());
    const simple = !oneStatement && parameters.length === 0;
    const wasAnswered = prepare && this.#answered.has(text);
    const query = makeQuery(this.client, text, parameters, { prepare, wasAnswered, simple, asArrays });
    const result = new Promise<Result>((resolve, reject) => {
      const sent = this.inFlight.add(reject);
      // This also sends the query; the order of these calls is the order on the wire.
      onAnswer(
        query,
        (rows) => {
          this.inFlight.answered(sent);
          if (prepare && !wasAnswered) this.#answered.add(text);
          // COPY gives a stream, and leaves the session in a state that no other statement may meet.
          if (rows instanceof Readable || rows instanceof Writable) {
            rows.on('error', () => undefined);
            this.connection.destroy(connectionLost());
            reject(new ConfigurationError('COPY is not for sql(): it needs a session of its own.'));
            return;
          }
          // What the driver gives is rows as the statement has them.
          resolve(rows as Result);
        },
        (error) => {
          this.inFlight.answered(sent);
          reject(this.reasonOf(error));
        },
      );
    });
    return { result, wasWritten: () => query.state !== null };
  }

  /** COPY … FROM STDIN; see Session. */
  copyIn(text: string, lines: Iterable<string>): Promise<void> {
    if (this.connection.endedBy) return Promise.reject(this.connection.endedBy);
    const query = this.client.unsafe(text) as unknown as CopyQuery;
    return new Promise((resolve, reject) => {
      const sent = this.inFlight.add(reject);
      copyIn(query, lines).then(
        () => {
          this.inFlight.answered(sent);
          resolve();
        },
        (error: unknown) => {
          this.inFlight.answered(sent);
          reject(this.reasonOf(error));
        },
      );
    });
  }

  /** What the server said; else why the session ended. A driver that refuses a statement is in a state unknown to us, and ends. */
  private reasonOf(error: unknown): PostgresFault | BlotterError {
    const fault = faultOf(error);
    if (fault) {
      // The driver would use the outdated statement for ever.
      if (fault.isOutdatedStatement) this.connection.destroy(connectionLost());
      return fault;
    }
    if (this.connection.endedBy) return this.connection.endedBy;
    const refusal = driverRefusal(error);
    this.connection.destroy(refusal);
    return refusal;
  }
}

function undefinedParameter(): ConfigurationError {
  return new ConfigurationError('A parameter of the statement is undefined; pass null for no value.');
}

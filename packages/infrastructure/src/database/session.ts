import type net from 'node:net';
import { Readable, Writable } from 'node:stream';
import { ConfigurationError, TimeoutError } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import { drizzle } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import { connect, GREETING, type Greeting } from './connect.js';
import type { DatabaseConfig } from './database-config.js';
import { driverOver } from './driver.js';
import { faultOf } from './postgres-fault.js';
import type { Parameters, SessionDatabase, Statement } from './statement.js';
import { connectionLost } from './translate-error.js';

interface InFlight {
  readonly sentAt: number;
  readonly reject: (error: BlotterError) => void;
}

interface Sent<Result> {
  readonly result: Promise<Result>;
  /** Whether the driver has handed the statement to the wire; while false, the server cannot have seen it. */
  readonly wasWritten: () => boolean;
  /** Asks for arrays instead of objects; before the first row arrives. */
  readonly asArrays: () => void;
}

/** Rows of a plain statement, with the command that the server says it ran. */
export interface PlainResult<Row> {
  readonly rows: readonly Row[];
  readonly command: string;
}

/**
 * One connection to PostgreSQL, which lives once. The driver underneath (postgres.js) would reconnect by itself and send what
 * is left of a dead transaction on the new connection, where it commits: so it is given one socket, and the second request
 * for one is refused. Every statement's promise is our own and is rejected when the connection ends.
 */
export class Session {
  /** Opens a session. @throws ConnectionError CONNECTION_FAILED, TLS_FAILED, AUTHENTICATION_FAILED, DATABASE_MISSING, SERVER_UNAVAILABLE */
  static connect(config: DatabaseConfig): Promise<Session> {
    return connect(config, (socket) => new Session(socket, config));
  }

  readonly openedAt = Date.now();
  /** drizzle over this session, for statements that are prepared once. */
  readonly database: SessionDatabase;
  /** The server's process of this session. */
  backendPid = 0;

  private readonly client: postgres.Sql;
  private readonly prepared = new Map<Statement<unknown>, ReturnType<Statement<unknown>['prepare']>>();
  private readonly inFlight = new Set<InFlight>();
  private readonly commandTimeoutMs: number;
  private watch: NodeJS.Timeout | undefined;
  private ended: BlotterError | undefined;

  private constructor(
    private readonly socket: net.Socket,
    config: DatabaseConfig,
  ) {
    this.commandTimeoutMs = config.settings.commandTimeoutMs;
    this.client = driverOver(socket, config);
    this.database = drizzle(this.driverForDrizzle(), { casing: 'snake_case' });
    socket.once('close', () => {
      this.end(connectionLost());
    });
  }

  get isUsable(): boolean {
    return this.ended === undefined;
  }

  /** Statements sent and not yet answered. */
  get load(): number {
    return this.inFlight.size;
  }

  /** Runs a statement, prepared on first use. Rejects with the driver's error, or ConnectionError when the connection ends. */
  async run<Rows>(statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    let query = this.prepared.get(statement);
    if (!query) {
      query = statement.prepare(this.database);
      this.prepared.set(statement, query);
    }
    // The map keeps statements of every kind of rows; under its own key a statement finds its own.
    return (await query.execute(parameters)) as Rows;
  }

  /** Plain SQL with $1, $2 …; all values as text. Prepared when it has parameters. */
  async query<Row>(text: string, parameters: readonly string[] = []): Promise<PlainResult<Row>> {
    const result = await this.send<readonly Row[] & { command: string }>(text, parameters, parameters.length > 0)
      .result;
    return { rows: result, command: result.command };
  }

  /** A command without parameters and rows, such as COMMIT; sent at once, its answer in `answer`. */
  command(text: string): { readonly answer: Promise<string>; readonly wasWritten: () => boolean } {
    const sent = this.send<{ command: string }>(text, [], false);
    return { answer: sent.result.then(({ command }) => command), wasWritten: sent.wasWritten };
  }

  /** The first statement: what the session says of itself. */
  async greet(): Promise<Greeting> {
    const [greeting] = (await this.query<Greeting>(GREETING)).rows;
    if (!greeting) throw connectionLost();
    this.backendPid = greeting.pid;
    return greeting;
  }

  /** Ends the session politely, when nothing is in flight. */
  async close(): Promise<void> {
    if (this.ended) return;
    this.ended = connectionLost();
    const closed = new Promise<void>((resolve) => this.socket.once('close', resolve));
    await Promise.race([this.client.end({ timeout: 1 }), closed]);
    this.socket.destroy();
  }

  /** Ends the session at once; everything in flight is rejected with the error. */
  destroy(error: BlotterError): void {
    this.end(error);
    this.socket.destroy();
  }

  private send<Result>(text: string, parameters: readonly unknown[], prepare: boolean): Sent<Result> {
    if (this.ended) {
      const result = Promise.reject(this.ended);
      result.catch(() => undefined);
      return { result, wasWritten: () => false, asArrays: () => undefined };
    }
    if (parameters.some((value) => value === undefined)) {
      const result = Promise.reject(
        new ConfigurationError('A parameter of the statement is undefined; pass null for no value.'),
      );
      result.catch(() => undefined);
      return { result, wasWritten: () => false, asArrays: () => undefined };
    }
    // The driver's types know neither nulls in arrays of parameters nor its own `state`, which is set when a query is handed to the wire.
    const query = this.client.unsafe(text, parameters as string[], { prepare }) as unknown as Promise<Result> & {
      state: unknown;
      values(): unknown;
    };
    const result = new Promise<Result>((resolve, reject) => {
      const entry: InFlight = { sentAt: Date.now(), reject };
      this.inFlight.add(entry);
      this.armWatch();
      // `then` also starts the query; the order of these calls is the order on the wire.
      query.then(
        (rows) => {
          this.inFlight.delete(entry);
          // COPY gives a stream, and leaves the session in a state that no other statement may meet.
          if (rows instanceof Readable || rows instanceof Writable) {
            rows.on('error', () => undefined);
            this.destroy(connectionLost());
            reject(new ConfigurationError('COPY is not for sql(): it needs a session of its own.'));
            return;
          }
          resolve(rows);
        },
        (error: unknown) => {
          this.inFlight.delete(entry);
          reject(faultOf(error) ?? this.ended ?? connectionLost());
        },
      );
    });
    return { result, wasWritten: () => query.state !== null, asArrays: () => query.values() };
  }

  /** As much of the driver as drizzle uses: `options`, and `unsafe` with `values`. */
  private driverForDrizzle(): postgres.Sql {
    const unsafe = (text: string, parameters: readonly unknown[] = [], options: { prepare?: boolean } = {}) => {
      const sent = this.send<unknown>(text, parameters, options.prepare ?? false);
      return {
        values: () => {
          sent.asArrays();
          return sent.result;
        },
        then: sent.result.then.bind(sent.result),
      };
    };
    return { options: this.client.options, unsafe } as unknown as postgres.Sql;
  }

  private end(error: BlotterError): void {
    this.ended ??= error;
    clearTimeout(this.watch);
    const waiting = [...this.inFlight];
    this.inFlight.clear();
    for (const { reject } of waiting) reject(this.ended);
  }

  /** One timer for all that is in flight: answers come in order, so the oldest is the first to be late. */
  private armWatch(): void {
    if (this.watch) return;
    const check = () => {
      this.watch = undefined;
      const [oldest] = this.inFlight;
      if (!oldest) return;
      const left = oldest.sentAt + this.commandTimeoutMs - Date.now();
      if (left > 0) this.watch = setTimeout(check, left);
      else
        this.destroy(
          new TimeoutError('The database did not answer within the command timeout; the session was thrown away.'),
        );
    };
    this.watch = setTimeout(check, this.commandTimeoutMs);
    this.watch.unref();
  }
}

import type net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlotterError } from '@blotter/domain';
import type postgres from 'postgres';
import { requestCancel, type BackendKey } from './cancel-request.js';
import { connect, GREETING, type Greeting } from './connect.js';
import type { DatabaseConfig } from './database-config.js';
import { driverOver } from './driver.js';
import { onFatalError } from './fatal-errors.js';
import { refusalOf, type PlainParameters } from './plain-sql.js';
import type { Sent } from './sent.js';
import { settingsOfTransaction } from './server-settings.js';
import type { Server } from './servers.js';
import type { Values } from './row-decoder.js';
import type { Parameters, Statement } from './statement.js';
import { StatementChannel } from './statement-channel.js';
import { StatementsInFlight } from './statements-in-flight.js';
import { connectionLost } from './translate-error.js';

/** The driver's rows, with what it puts beside them. */
type DriverRows<Row> = readonly Row[] & { readonly command: string; readonly state: BackendKey };

/** How often a session that drains is looked at. */
const DRAIN_LOOK_MS = 5;

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
    return connect(config, (socket, server) => new Session(socket, server, config));
  }

  /** On the clock of `performance.now()`, which nobody sets back. */
  readonly openedAt = performance.now();
  /** The server's process of this session. */
  backendPid = 0;
  /** Whether it ended politely. */
  wasClosed = false;

  /** What follows BEGIN in the same message; empty on a session that was set up when it was opened. */
  readonly settingsOfTransaction: string;

  private readonly client: postgres.Sql;
  private readonly inFlight: StatementsInFlight;
  private readonly channel: StatementChannel;
  private readonly cancel: (key: BackendKey) => Promise<void>;
  private readonly isPooled: boolean;
  private key: BackendKey | undefined;
  private ended: BlotterError | undefined;
  /** With what the server said that it ends the session. */
  private fatal: BlotterError | undefined;
  private readonly endListeners = new Set<() => void>();

  private constructor(
    private readonly socket: net.Socket,
    readonly server: Server,
    config: DatabaseConfig,
  ) {
    this.inFlight = new StatementsInFlight(config.settings.commandTimeoutMs, () => {
      this.destroy(connectionLost());
    });
    this.settingsOfTransaction = settingsOfTransaction(config);
    const { remoteAddress } = socket;
    this.cancel = (key) =>
      requestCancel({ ...server, ...(remoteAddress && { address: remoteAddress }) }, config.tls(), key);
    this.isPooled = config.settings.pooler !== 'none';
    onFatalError(socket, (error) => {
      this.fatal = error;
      // Behind the driver, for what was answered before.
      setImmediate(() => {
        this.end(error);
      });
    });
    // Before the driver, which would say in words of its own what happened to its statements.
    for (const event of ['error', 'close']) {
      socket.once(event, () => {
        this.end(this.fatal ?? connectionLost());
      });
    }
    this.client = driverOver(socket, config);
    this.channel = new StatementChannel(this.client, this.inFlight, this);
  }

  get isUsable(): boolean {
    return this.ended === undefined;
  }

  /** Whether the process that answered is the one that took the connection; else something speaks for the server. */
  get isOfItsProcess(): boolean {
    return this.key?.pid === this.backendPid;
  }

  /** Why the session ended; the very error that every statement in flight was given. Undefined while it lives. */
  get endedBy(): BlotterError | undefined {
    return this.ended;
  }

  /** Calls the listener once, when the session ends in whatever way. */
  onEnd(listener: () => void): void {
    if (this.ended) listener();
    else this.endListeners.add(listener);
  }

  /** Statements sent and not yet answered. */
  get load(): number {
    return this.inFlight.size;
  }

  /** When the server last answered, on the clock of `openedAt`. */
  get lastAnswerAt(): number {
    return this.inFlight.lastAnswerAt;
  }

  /** Runs a statement, prepared on first use. Rejects with the driver's error, or ConnectionError when the connection ends. */
  async run<Rows>(statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    return statement.rowsOf(await this.prepared(statement.text, statement.valuesOf(parameters)).result);
  }

  /** Sends a fixed text with $1, $2 …, prepared on first use; the answer by the positions of its columns. */
  prepared(text: string, values: readonly unknown[]): Sent<readonly Values[]> {
    return this.channel.send(text, values, true, { asArrays: true });
  }

  /**
   * One statement of the caller's with $1, $2 …, all values as text. With parameters it is prepared once for each text, and kept
   * as long as the session: fixed texts only. @throws ConfigurationError for what governs transactions or the session
   */
  async statement<Row>(text: string, parameters: PlainParameters = []): Promise<PlainResult<Row>> {
    const refusal = refusalOf(text, parameters);
    if (refusal) throw refusal;
    const rows = await this.channel.send<DriverRows<Row>>(text, parameters, parameters.length > 0, {
      oneStatement: true,
    }).result;
    return { rows, command: rows.command };
  }

  /** Plain SQL of our own, also several statements; with $1, $2 …, all values as text. Prepared when it has parameters. */
  async query<Row>(text: string, parameters: PlainParameters = []): Promise<PlainResult<Row>> {
    const sent = this.channel.send<DriverRows<Row>>(text, parameters, parameters.length > 0);
    const rows = await sent.result;
    return { rows, command: rows.command };
  }

  /** A command without parameters and rows, such as COMMIT; sent at once, its answer in `answer`. */
  command(text: string): { readonly answer: Promise<string>; readonly wasWritten: () => boolean } {
    const sent = this.channel.send<{ command: string }>(text, [], false);
    return { answer: sent.result.then(({ command }) => command), wasWritten: sent.wasWritten };
  }

  /**
   * COPY … FROM STDIN, with rows in its text format, each with its newline. Nothing else may be sent before it has settled: the
   * server takes nothing but rows meanwhile. Rejects as `run` does.
   */
  copyIn(text: string, lines: Iterable<string>): Promise<void> {
    return this.channel.copyIn(text, lines);
  }

  /** The first statement: that it is answered says that the session works. */
  async greet(): Promise<Greeting> {
    const rows = await this.channel.send<DriverRows<Greeting>>(GREETING, [], false).result;
    const [greeting] = rows;
    if (!greeting) throw connectionLost();
    this.backendPid = greeting.pid;
    this.key = { ...rows.state };
    return greeting;
  }

  /** Ends the session politely, when nothing is in flight. */
  async close(): Promise<void> {
    if (this.ended) return;
    const closed = new Promise<void>((resolve) => this.socket.once('close', resolve));
    this.wasClosed = true;
    this.end(connectionLost());
    await Promise.race([this.client.end({ timeout: 1 }), closed]);
    this.socket.destroy();
  }

  /** Waits so many milliseconds for what is in flight, rejects what is left of it with the error, and closes. */
  async drain(milliseconds: number, error: BlotterError): Promise<void> {
    const until = performance.now() + milliseconds;
    while (this.inFlight.size > 0 && performance.now() < until) await sleep(Math.min(DRAIN_LOOK_MS, milliseconds));
    if (this.inFlight.size > 0) this.destroy(error);
    else await this.close();
  }

  /**
   * Ends the session at once; everything in flight is rejected with the error. What the server is still doing for it is
   * cancelled, so that its locks are given up now and not when it would have noticed.
   */
  destroy(error: BlotterError): void {
    const cancelled = this.inFlight.size > 0 && this.key && !this.ended ? this.cancel(this.key) : undefined;
    this.end(error);
    if (cancelled && this.isPooled) void this.destroyAfter(cancelled);
    else this.socket.destroy();
  }

  /** A pooler forgets whom to cancel as soon as its client is gone. Until then, nothing more is sent and no answer is read. */
  private async destroyAfter(cancelled: Promise<void>): Promise<void> {
    this.socket.cork();
    this.socket.pause();
    this.socket.unref();
    await cancelled;
    this.socket.destroy();
  }

  private end(error: BlotterError): void {
    if (this.ended) return;
    this.ended = error;
    this.inFlight.rejectAll(error);
    for (const listener of this.endListeners) listener();
    this.endListeners.clear();
  }
}

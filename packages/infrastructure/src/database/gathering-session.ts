import { arrayLiteral } from './array-literal.js';
import { PostgresFault } from './postgres-fault.js';
import type { Session } from './session.js';
import type { Parameters, ReadById, Statement } from './statement.js';

/** What is not an id is read alone: it is refused, and whatever is in one statement with it would be too. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** From so many on, one statement costs less than one for each. */
const FEWEST_AT_ONCE = 5;

/** No answer is so long that the reads behind it would notice. */
const MOST_AT_ONCE = 256;

/** A read whose caller waits. */
interface Waiting<Rows> {
  readonly id: string;
  readonly resolve: (rows: Rows) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads by one statement that came in one turn of the event loop, and that are not sent yet. */
interface Gathered<Rows> {
  readonly statement: Statement<Rows>;
  readonly byId: ReadById<Rows>;
  readonly waiting: Waiting<Rows>[];
}

/**
 * A session that reads share. Those by id that come in the same turn of the event loop, and find it busy, go out as one statement: a row
 * more in an answer costs a third of an answer of its own, on either side. Nothing is held back for that: a read that finds the
 * session idle is sent at once, and the others before the turn ends and the event loop looks for answers.
 */
export class GatheringSession {
  /** By statement. */
  private readonly gathered = new Map<object, unknown>();
  private unsent = 0;

  constructor(readonly session: Session) {}

  /** Reads that are to be answered; those that were sent as one count as one. */
  get load(): number {
    return this.session.load + this.unsent;
  }

  /** As `Session.run`. */
  run<Rows>(statement: Statement<Rows>, parameters: Parameters): Promise<Rows> {
    const { byId } = statement;
    const { id } = parameters;
    if (!byId || this.load === 0 || typeof id !== 'string' || !UUID.test(id)) {
      return this.session.run(statement, parameters);
    }
    return new Promise((resolve, reject) => {
      this.gather(statement, byId, { id, resolve, reject });
    });
  }

  private gather<Rows>(statement: Statement<Rows>, byId: ReadById<Rows>, waiting: Waiting<Rows>): void {
    this.unsent += 1;
    // What is kept under a statement is of its kind.
    const present = this.gathered.get(statement) as Gathered<Rows> | undefined;
    if (present) {
      present.waiting.push(waiting);
      if (present.waiting.length === MOST_AT_ONCE) this.send(present);
      return;
    }
    const begun: Gathered<Rows> = { statement, byId, waiting: [waiting] };
    this.gathered.set(statement, begun);
    // A tick that is asked for by a microtask comes behind all of them: other callers may have more of them to go than the first.
    queueMicrotask(() => {
      process.nextTick(() => {
        if (this.gathered.get(statement) === begun) this.send(begun);
      });
    });
  }

  private send<Rows>(gathered: Gathered<Rows>): void {
    const { statement, waiting } = gathered;
    this.gathered.delete(statement);
    this.unsent -= waiting.length;
    if (waiting.length < FEWEST_AT_ONCE) this.sendEach(gathered);
    else void this.sendTogether(gathered);
  }

  private sendEach<Rows>({ statement, waiting }: Gathered<Rows>): void {
    for (const { id, resolve, reject } of waiting) this.session.run(statement, { id }).then(resolve, reject);
  }

  private async sendTogether<Rows>(gathered: Gathered<Rows>): Promise<void> {
    const { byId, waiting } = gathered;
    try {
      const rows = await this.session.run(byId.many, { ids: arrayLiteral(waiting.map(({ id }) => id)) });
      const rowsOf = byId.split(rows);
      for (const { id, resolve } of waiting) resolve(rowsOf(id));
    } catch (error) {
      // What the server refuses may be one row of them: each caller is told what is said of its own.
      if (error instanceof PostgresFault && this.session.isUsable) this.sendEach(gathered);
      else for (const { reject } of waiting) reject(error);
    }
  }
}

import { ConnectionError } from '@blotter/application';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../../test/tcp-proxy.js';
import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import type { DatabaseConfig } from './database-config.js';
import { Session } from './session.js';
import { Transaction } from './transaction.js';
import { connectionLost } from './translate-error.js';

/** More than a socket takes at once, so that the server is still reading when something happens. */
const ROWS = 400_000;
const COPY = 'copy numbers (number) from stdin';

describe('A COPY into a table', () => {
  let storage: TestDatabase;
  let observer: Session;
  const opened: Session[] = [];

  beforeAll(async () => {
    storage = await createTestDatabase();
    observer = await Session.connect(storage.config);
    await observer.query('create table numbers (number int primary key check (number < 1000000))');
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((session) => session.close()));
    await observer.query('truncate numbers');
  });
  afterAll(async () => {
    await observer.close();
    await storage.drop();
  });

  async function open(config: DatabaseConfig = storage.config): Promise<Session> {
    const session = await Session.connect(config);
    opened.push(session);
    return session;
  }

  async function stored(): Promise<number> {
    const { rows } = await observer.query<{ count: string }>('select count(*) from numbers');
    return Number(rows[0]?.count);
  }

  it('keeps whatever is sent behind it waiting until it has ended, and then in order', async () => {
    const transaction = Transaction.begin(await open());
    const first = transaction.copyIn(COPY, numbers(0, ROWS / 2), nobody);
    const between = transaction.query<{ count: string }>('select count(*) from numbers where $1::text is not null', [
      '',
    ]);
    const second = transaction.copyIn(COPY, numbers(ROWS / 2, ROWS), nobody);
    const ordered: string[] = [];
    const behind = ['a', 'b', 'c'].map((name) => transaction.savepoint(name).then(() => ordered.push(name)));
    await transaction.commit();
    await Promise.all([first, second, ...behind]);
    expect(ordered).toEqual(['a', 'b', 'c']);
    expect(await between).toEqual([{ count: String(ROWS / 2) }]);
    expect(await stored()).toBe(ROWS);
  });

  it('rejects when a row is refused, names its line, and leaves the session ready for the next transaction', async () => {
    const session = await open();
    for (const [bad, sqlState] of [
      ['rubbish', '22P02'],
      ['1000000', '23514'],
      ['7', '23505'],
      ['8\t9', '22P04'],
    ] as const) {
      const transaction = Transaction.begin(session);
      const lines: unknown[] = [];
      const copying = transaction.copyIn(COPY, withLine(1_000, bad), (fault) => {
        lines.push(fault.copyLine);
        return undefined;
      });
      await expect(copying).rejects.toMatchObject({ cause: { sqlState } });
      expect(lines).toEqual([1_001]);
      await transaction.rollback();
      const next = Transaction.begin(session);
      await next.copyIn(COPY, numbers(0, 5), nobody);
      await next.commit();
      expect(await stored()).toBe(5);
      await observer.query('truncate numbers');
    }
  });

  it('becomes a rollback, when a row is refused while COMMIT waits behind it', async () => {
    const transaction = Transaction.begin(await open());
    const copying = transaction.copyIn(COPY, withLine(ROWS - 1, '7'), nobody);
    const behind = transaction.copyIn(COPY, numbers(ROWS, ROWS + 5), nobody);
    const committing = transaction.commit();
    for (const promise of [copying, behind, committing]) {
      await expect(promise).rejects.toMatchObject({ code: 'DUPLICATE' });
    }
    expect(await stored()).toBe(0);
  });

  it('rejects where the table is not there, or something failed before it', async () => {
    const session = await open();
    await expect(session.copyIn('copy nowhere from stdin', numbers(0, 5))).rejects.toMatchObject({ sqlState: '42P01' });
    const transaction = Transaction.begin(session);
    const failing = transaction.query('select 1 / $1::int', ['0']);
    const copying = transaction.copyIn(COPY, numbers(0, 5), nobody);
    await expect(failing).rejects.toMatchObject({ sqlState: '22012' });
    await expect(copying).rejects.toMatchObject({ sqlState: '22012' });
    await transaction.rollback();
    expect(await stored()).toBe(0);
  });

  it('rejects with the error that ends its session, and stops making rows', async () => {
    const session = await open();
    const transaction = Transaction.begin(session);
    let made = 0;
    const counted = function* () {
      for (const line of numbers(0, ROWS)) {
        made += 1;
        if (made === ROWS / 4) session.destroy(connectionLost());
        yield line;
      }
    };
    await expect(transaction.copyIn(COPY, counted(), nobody)).rejects.toBeInstanceOf(ConnectionError);
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect.poll(backends).toBe(1);
    expect(made).toBeLessThan(ROWS / 2);
    expect(await stored()).toBe(0);
  });

  it('ends its session when the rows cannot be made', async () => {
    const session = await open();
    const transaction = Transaction.begin(session);
    const broken = function* () {
      yield* numbers(0, ROWS / 4);
      throw new TypeError('no row');
    };
    await expect(transaction.copyIn(COPY, broken(), nobody)).rejects.toMatchObject({ code: 'STATEMENT_REFUSED' });
    expect(session.isUsable).toBe(false);
    expect(await stored()).toBe(0);
  });

  describe('over a network', () => {
    let proxy: TcpProxy;
    beforeAll(async () => {
      const { host, port } = storage.config.settings;
      proxy = await startTcpProxy({ host, port }, 1);
    });
    afterAll(() => proxy.close());

    it('rejects when the connection is cut, with nothing stored', async () => {
      const transaction = Transaction.begin(await open(storage.config.at('127.0.0.1', proxy.port)));
      const cutting = function* () {
        yield* numbers(0, ROWS / 2);
        proxy.cut();
        yield* numbers(ROWS / 2, ROWS);
      };
      await expect(transaction.copyIn(COPY, cutting(), nobody)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
      await expect.poll(backends).toBe(1);
      expect(await stored()).toBe(0);
    });

    it('rejects after the command timeout when the network falls silent', async () => {
      const config = storage.configWith({ commandTimeoutMs: 300 }).at('127.0.0.1', proxy.port);
      const transaction = Transaction.begin(await open(config));
      await transaction.query('select $1::text', ['']);
      const silent = function* () {
        proxy.silence();
        yield* numbers(0, 10);
      };
      await expect(transaction.copyIn(COPY, silent(), nobody)).rejects.toMatchObject({ code: 'TIMEOUT' });
      await expect.poll(backends, { timeout: 10_000 }).toBe(1);
      expect(await stored()).toBe(0);
    });
  });

  /** Sessions of this database, the observer's own among them. */
  async function backends(): Promise<number> {
    const { rows } = await observer.query<{ count: string }>(
      `select count(*) from pg_stat_activity where datname = current_database() and backend_type = 'client backend'`,
    );
    return Number(rows[0]?.count);
  }
});

const nobody = () => undefined;

function* numbers(from: number, to: number): Generator<string> {
  for (let number = from; number < to; number += 1) yield `${number}\n`;
}

/** So many rows, this line, and as many again. */
function* withLine(rows: number, line: string): Generator<string> {
  yield* numbers(0, rows);
  yield `${line}\n`;
  yield* numbers(rows, 2 * rows);
}

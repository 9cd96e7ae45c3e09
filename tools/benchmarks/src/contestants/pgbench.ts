import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endedChildrenCpuSeconds } from '../server/cpu.js';
import type { OpenOptions } from './contestant.js';
import type { OperationName } from './operations.js';
import type { BookKey, Opened, Round, RoundResult } from './protocol.js';
import type { Runner } from './runner.js';

/** Where Debian has it; npm's PostgreSQL comes without. */
const PROGRAM = ['/usr/lib/postgresql/18/bin/pgbench', '/usr/lib/postgresql/15/bin/pgbench', '/usr/bin/pgbench'].find(
  (path) => existsSync(path),
);
const SCRIPTS = { findOrder: 'find-order.sql', addOrder: 'add-order.sql', recordFill: 'record-fill.sql' } as const;

/** PostgreSQL's own client in C, with prepared statements: what the server can do where the client costs nearly nothing. */
export class Pgbench implements Runner {
  static readonly isInstalled = PROGRAM !== undefined;

  readonly importMs = undefined;
  private readonly books = new Map<BookKey, OpenOptions>();

  open(book: BookKey, options: OpenOptions): Promise<Opened> {
    this.books.set(book, options);
    return Promise.resolve({ operations: Object.keys(SCRIPTS) as OperationName[], memoryMb: 0 });
  }

  /**
   * It counts in whole seconds, and its rate leaves out how long it connects; or in transactions where a round is none. Each of its clients has a connection of its own, so it
   * has no more of them than the others' pools have connections.
   */
  async run(book: BookKey, { operation, orders, tasks, portfolios, forMs }: Round): Promise<RoundResult> {
    const script = fileURLToPath(
      new URL(`../../pgbench/${SCRIPTS[operation as keyof typeof SCRIPTS]}`, import.meta.url),
    );
    const options = this.books.get(book);
    if (options === undefined) throw new Error(`The book ${book} is not open.`);
    const before = endedChildrenCpuSeconds();
    const variables = { orders, first: Math.floor(orders / 5), portfolios };
    const { stdout } = await promisify(execFile)(PROGRAM ?? '', [
      ...['--no-vacuum', '--protocol=prepared', `--client=${Math.min(tasks, options.sessions)}`, `--file=${script}`],
      forMs < 100 ? '--transactions=5' : `--time=${Math.max(1, Math.round(forMs / 1_000))}`,
      ...Object.entries(variables).map(([name, value]) => `--define=${name}=${value}`),
      options.url,
    ]);
    const operations = Number(/transactions actually processed: (\d+)/.exec(stdout)?.[1]);
    if (!(operations > 0)) throw new Error('It did nothing in its time.');
    const rate = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
    return {
      operations,
      seconds: operations / rate,
      clientCpuSeconds: (endedChildrenCpuSeconds() ?? NaN) - (before ?? NaN),
      memoryMb: 0,
      memoryGrowthMb: undefined,
    };
  }

  close(book: BookKey): Promise<void> {
    this.books.delete(book);
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

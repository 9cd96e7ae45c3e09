import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@blotter/embedded-postgres';
import { DatabaseConfig, Migrator } from '@blotter/infrastructure';
import postgres from 'postgres';
import { fillSql } from '../book/fill-sql.js';

/**
 * As a machine that is a database's would have it: fsync and synchronous commit are on, as they are unless somebody turns them
 * off; the memory holds the book, and no checkpoint falls into one contestant's round and not into another's.
 */
const SETTINGS = {
  max_connections: '1000',
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
};

/** Orders from which a copy is made of files. */
const LARGE = 100_000;

/** The benchmark's own PostgreSQL, with filled books by their size, that contestants read or get copies of. */
export class BenchServer implements AsyncDisposable {
  static async start(): Promise<BenchServer> {
    return new BenchServer(await startEmbeddedPostgres({ settings: SETTINGS }));
  }

  private readonly filled = new Map<number, Promise<string>>();
  private copies = 0;

  private constructor(private readonly embedded: EmbeddedPostgres) {}

  get version(): string {
    return this.embedded.version;
  }

  get address(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.embedded.port };
  }

  /** The process whose children do the work. */
  get postmasterPid(): number {
    return Number(readFileSync(join(this.embedded.dataDirectory, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  url(database: string): string {
    return this.embedded.url(database);
  }

  /** A book with so many orders, to be read and not written; filled when it is first asked for. @returns its database */
  filledBook(orders: number): Promise<string> {
    const known = this.filled.get(orders) ?? this.fill(orders);
    this.filled.set(orders, known);
    return known;
  }

  /** A copy of it, to be written. @returns its database */
  async copyOfBook(orders: number): Promise<string> {
    const template = await this.filledBook(orders);
    const name = `copy_${++this.copies}`;
    // A large one as files: as WAL it would be written twice, in somebody's time.
    const strategy = orders < LARGE ? 'wal_log' : 'file_copy';
    await this.administer(`create database ${name} template ${template}_still strategy ${strategy}`);
    return name;
  }

  async drop(database: string): Promise<void> {
    await this.administer(`drop database ${database} with (force)`);
  }

  /** Writes out what is dirty, so that nobody pays for what was done before. */
  async checkpoint(): Promise<void> {
    await this.administer('checkpoint');
  }

  /** Runs work with one connection to a database. */
  async connected<Result>(database: string, work: (sql: postgres.Sql) => Promise<Result>): Promise<Result> {
    const sql = postgres(this.url(database), { max: 1, onnotice: () => undefined });
    try {
      return await work(sql);
    } finally {
      await sql.end();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.embedded.stop();
  }

  /** One database is read; another like it, to which nobody is connected, is copied. */
  private async fill(orders: number): Promise<string> {
    const name = `book_${orders}`;
    await this.administer(`create database ${name}_still`);
    await new Migrator(DatabaseConfig.fromUrl(this.url(`${name}_still`))).up();
    await this.connected(`${name}_still`, async (sql) => {
      for (const statement of fillSql(orders)) await sql.unsafe(statement);
      await sql.unsafe('vacuum analyze');
    });
    await this.administer(`create database ${name} template ${name}_still strategy file_copy`);
    return name;
  }

  private administer(statement: string): Promise<unknown> {
    return this.connected('postgres', (sql) => sql.unsafe(statement));
  }
}

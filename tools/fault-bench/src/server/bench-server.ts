import { startEmbeddedPostgres, type EmbeddedPostgres } from '@blotter/embedded-postgres';
import { DatabaseConfig, Migrator } from '@blotter/infrastructure';
import postgres from 'postgres';

const TEMPLATE = 'fault_bench_template';

/** A server of the bench's own, with a migrated template that each fault and contestant gets a copy of. */
export class BenchServer {
  /** @param settings of the server, e.g. `{ fsync: 'off' }` */
  static async start(settings: Readonly<Record<string, string>>): Promise<BenchServer> {
    const embedded = await startEmbeddedPostgres({ settings: { max_connections: '400', ...settings } });
    const server = new BenchServer(embedded);
    await server.administer(`create database ${TEMPLATE}`);
    await new Migrator(DatabaseConfig.fromUrl(embedded.url(TEMPLATE))).up();
    return server;
  }

  private databases = 0;

  private constructor(private readonly embedded: EmbeddedPostgres) {}

  get address(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.embedded.port };
  }

  /** PostgreSQL's own data directory. */
  get cluster(): string {
    return `${this.embedded.dataDirectory}/cluster`;
  }

  /** A new database with the newest schema. @param folder where its tables are to lie, the server's own. @returns its URL */
  async createDatabase(folder?: string): Promise<string> {
    const name = `fault_bench_${++this.databases}`;
    if (folder !== undefined) await this.administer(`create tablespace ${name} location '${folder}'`);
    const tablespace = folder === undefined ? '' : `tablespace ${name}`;
    await this.administer(`create database ${name} template ${TEMPLATE} ${tablespace}`);
    return this.embedded.url(name);
  }

  stop(): Promise<void> {
    return this.embedded.stop();
  }

  private async administer(statement: string): Promise<void> {
    const sql = postgres(this.embedded.url(), { max: 1, onnotice: () => undefined });
    try {
      await sql.unsafe(statement);
    } finally {
      await sql.end();
    }
  }
}

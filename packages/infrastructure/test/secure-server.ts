import { chown, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@blotter/embedded-postgres';
import { Database } from '../src/database/database.js';
import { DatabaseConfig } from '../src/database/database-config.js';
import type { Certificate } from './certificates.js';

/** A server of its own, which speaks no TLS until it is told to. */
export interface SecureServer {
  readonly port: number;
  readonly config: DatabaseConfig;
  /** Runs SQL as the superuser, on a connection of its own. */
  administer(...statements: string[]): Promise<void>;
  /** From now on: TLS with this certificate, and these lines before all others of pg_hba.conf. */
  secure(certificate: Certificate, clientAuthority: string, hba: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startSecureServer(): Promise<SecureServer> {
  const server = await startEmbeddedPostgres({ settings: { fsync: 'off' } });
  const config = DatabaseConfig.fromUrl(server.url(), { minPoolSize: 1, maxPoolSize: 1 });
  const withDatabase = async <Result>(work: (database: Database) => Promise<Result>): Promise<Result> => {
    const database = await Database.connect(config);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  };
  const administer = (...statements: string[]) =>
    withDatabase(async (database) => {
      for (const statement of statements) await database.query(statement);
    });
  return {
    port: server.port,
    config,
    administer,
    secure: async (certificate, clientAuthority, hba) => {
      const [place] = await withDatabase((database) =>
        database.query<{ folder: string; hba: string }>(
          `select current_setting('data_directory') as folder, current_setting('hba_file') as hba`,
        ),
      );
      if (!place) throw new Error('The server does not say where it is.');
      const { uid, gid } = await stat(place.folder);
      const put = async (name: string, text: string) => {
        const path = join(place.folder, name);
        await writeFile(path, text, { mode: 0o600 });
        await chown(path, uid, gid);
      };
      await put('server.crt', certificate.cert);
      await put('server.key', certificate.key);
      await put('clients.crt', clientAuthority);
      await writeFile(place.hba, `${hba.join('\n')}\n${await readFile(place.hba, 'utf8')}`);
      await administer(
        `alter system set ssl_ca_file = 'clients.crt'`,
        'alter system set ssl = on',
        'select pg_reload_conf()',
      );
      await untilSecure(withDatabase);
    },
    stop: () => server.stop(),
  };
}

/** The server takes a changed configuration over in its own time. */
async function untilSecure(
  withDatabase: <Result>(work: (database: Database) => Promise<Result>) => Promise<Result>,
): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const rows = await withDatabase((database) =>
      database.query('select 1 from pg_stat_ssl where pid = pg_backend_pid() and ssl'),
    );
    if (rows.length === 1) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('The server did not begin to speak TLS.');
}

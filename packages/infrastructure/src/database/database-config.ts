import { ConfigurationError } from '@blotter/application';
import { z } from 'zod';
import { settingsOfUrl } from './database-url.js';
import { serversOf, type Server } from './servers.js';
import { SESSION_TARGETS } from './session-target.js';
import { TLS_MODES, TlsSettings, type TlsMode } from './tls-settings.js';

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const settings = z.object({
  /** One or several, with commas between; tried in order. */
  host: z.string().min(1).default('localhost'),
  /** One for all hosts, or one for each with commas between. */
  port: z.union([z.number(), z.string()]).default(5432),
  /** Which of the servers are good enough; docs/connecting.md. */
  targetSessionAttrs: z.enum(SESSION_TARGETS).default('any'),
  name: z.string().min(1, 'is missing'),
  user: z.string().min(1, 'is missing'),
  password: z.string().default(''),
  /** Where the book is, in a database that holds several; unless it is said, where the role looks: public. */
  schema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'is a name of small letters, digits and _')
    .optional(),
  /** `transaction`: PgBouncer in transaction mode stands between; docs/connecting.md. */
  pooler: z.enum(['none', 'transaction']).default('none'),
  minPoolSize: whole(0, 1_000).default(5),
  maxPoolSize: whole(1, 1_000).default(20),
  /** Sessions that share the reads outside transactions. */
  sharedReadSessions: whole(1, 100).default(2),
  /** Reads that are in flight on each of them at once; more of them wait. */
  sharedReadsInFlight: whole(1, 1_000_000).default(1_000),
  /** Callers that may wait for a session. */
  maxWaiting: whole(0, 1_000_000).default(10_000),
  /** Milliseconds a caller waits for a session. */
  acquireTimeoutMs: whole(1, 3_600_000).default(30_000),
  connectTimeoutMs: whole(1, 3_600_000).default(10_000),
  /** Milliseconds any one statement may take, at the server and on the wire. */
  commandTimeoutMs: whole(1, 86_400_000).default(60_000),
  lockTimeoutMs: whole(1, 86_400_000).default(30_000),
  idleInTransactionTimeoutMs: whole(1, 86_400_000).default(60_000),
  /** Milliseconds that a migration, and whoever comes behind it, waits for a lock before it lets the others go first. */
  migrationLockTimeoutMs: whole(1, 86_400_000).default(1_000),
  /** Milliseconds after which a migration that always found others in its way gives up. */
  migrationPatienceMs: whole(1, 86_400_000).default(600_000),
  /** Milliseconds after which a session that nobody needs is closed. */
  idleTimeoutMs: whole(1, 86_400_000).default(60_000),
  /** Milliseconds after which a session that has said nothing is asked whether it is still there, before it is used. */
  validateAfterMs: whole(0, 86_400_000).default(5_000),
  /** Milliseconds after which a session is replaced, less up to a tenth at random. */
  maxLifetimeMs: whole(1, 86_400_000).default(3_600_000),
  applicationName: z.string().min(1).max(63).default('blotter'),
  /** What a connection must be secured by; docs/connecting.md. */
  sslMode: z.enum(TLS_MODES).optional(),
  /** The authorities that sign the server's certificate, in PEM: as text, or the path of a file. */
  sslCa: z.string().min(1).optional(),
  sslCaFile: z.string().min(1).optional(),
  /** The client's own certificate and its key, likewise. */
  sslCert: z.string().min(1).optional(),
  sslCertFile: z.string().min(1).optional(),
  sslKey: z.string().min(1).optional(),
  sslKeyFile: z.string().min(1).optional(),
});

/** Kept out of what the configuration shows of itself. */
type Secret = 'password' | (typeof TEXT_OR_FILE)[number][number];

/** Two settings for one thing. */
const TEXT_OR_FILE = [
  ['sslCa', 'sslCaFile'],
  ['sslCert', 'sslCertFile'],
  ['sslKey', 'sslKeyFile'],
] as const;

/** Settings that a program may give on top of the environment or the URL. */
export type DatabaseSettings = Partial<z.input<typeof settings>>;
interface Checked extends Omit<z.output<typeof settings>, Secret | 'host' | 'port' | 'sslMode'> {
  /** In the order in which they are tried. */
  readonly servers: readonly Server[];
  /** Of the first server. */
  readonly host: string;
  readonly port: number;
  readonly sslMode: TlsMode;
}

/** Which variable of the environment says what. */
const VARIABLES = {
  host: 'DATABASE_HOST',
  port: 'DATABASE_PORT',
  targetSessionAttrs: 'DATABASE_TARGET_SESSION_ATTRS',
  name: 'DATABASE_NAME',
  user: 'DATABASE_USER',
  password: 'DATABASE_PASSWORD',
  schema: 'DATABASE_SCHEMA',
  pooler: 'DATABASE_POOLER',
  minPoolSize: 'DATABASE_MIN_POOL_SIZE',
  maxPoolSize: 'DATABASE_MAX_POOL_SIZE',
  sharedReadSessions: 'DATABASE_SHARED_READ_SESSIONS',
  sharedReadsInFlight: 'DATABASE_SHARED_READS_IN_FLIGHT',
  maxWaiting: 'DATABASE_MAX_WAITING',
  acquireTimeoutMs: 'DATABASE_ACQUIRE_TIMEOUT_MS',
  connectTimeoutMs: 'DATABASE_CONNECT_TIMEOUT_MS',
  lockTimeoutMs: 'DATABASE_LOCK_TIMEOUT_MS',
  idleInTransactionTimeoutMs: 'DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS',
  migrationLockTimeoutMs: 'DATABASE_MIGRATION_LOCK_TIMEOUT_MS',
  migrationPatienceMs: 'DATABASE_MIGRATION_PATIENCE_MS',
  idleTimeoutMs: 'DATABASE_IDLE_TIMEOUT_MS',
  validateAfterMs: 'DATABASE_VALIDATE_AFTER_MS',
  maxLifetimeMs: 'DATABASE_MAX_LIFETIME_MS',
  applicationName: 'DATABASE_APPLICATION_NAME',
  sslMode: 'DATABASE_SSL_MODE',
  sslCa: 'DATABASE_SSL_CA',
  sslCaFile: 'DATABASE_SSL_CA_FILE',
  sslCert: 'DATABASE_SSL_CERT',
  sslCertFile: 'DATABASE_SSL_CERT_FILE',
  sslKey: 'DATABASE_SSL_KEY',
  sslKeyFile: 'DATABASE_SSL_KEY_FILE',
} as const satisfies Partial<Record<keyof DatabaseSettings, string>>;

type Given = Readonly<Record<string, unknown>>;
type Environment = Readonly<Record<string, string | undefined>>;

/** Where the database is and how it is used; checked, immutable, and silent about its password. */
export class DatabaseConfig {
  readonly #given: Given;
  readonly #password: string;
  readonly #tls: TlsSettings;

  /**
   * From `DATABASE_URL`, or from `DATABASE_HOST`, `_PORT`, `_NAME`, `_USER`, `_PASSWORD`; with `DATABASE_MIN_POOL_SIZE`,
   * `_MAX_POOL_SIZE`, `_COMMAND_TIMEOUT` (seconds) and the others of this file. What `given` says comes first.
   * @throws ConfigurationError that names the variable
   */
  static fromEnvironment(environment: Environment, given: DatabaseSettings = {}): DatabaseConfig {
    const read: Record<string, unknown> = {};
    for (const [setting, variable] of Object.entries(VARIABLES)) {
      const value = environment[variable];
      if (value !== undefined && value !== '') read[setting] = value;
    }
    const seconds = environment['DATABASE_COMMAND_TIMEOUT'];
    if (seconds !== undefined && seconds !== '') read['commandTimeoutMs'] = Number(seconds) * 1_000;
    const url = environment['DATABASE_URL'];
    if (url !== undefined && url !== '') return new DatabaseConfig(over(read, settingsOfUrl(url), given));
    if (read['name'] === undefined && given.name === undefined) {
      throw new ConfigurationError(
        'Set DATABASE_URL, or DATABASE_NAME and DATABASE_USER, to say where the database is.',
      );
    }
    return new DatabaseConfig(over(read, given));
  }

  /** From postgresql://user:password@host:port/name, with several hosts if need be. What `given` says comes first. @throws ConfigurationError */
  static fromUrl(url: string, given: DatabaseSettings = {}): DatabaseConfig {
    return new DatabaseConfig(over(settingsOfUrl(url), given));
  }

  readonly settings: Readonly<Checked>;

  /** The same servers and settings, another database. */
  withName(name: string): DatabaseConfig {
    return this.with({ name });
  }

  /** The same database, with other settings. */
  with(given: DatabaseSettings): DatabaseConfig {
    return new DatabaseConfig(over(this.#given, given));
  }

  /** The same database and settings, reached another way. */
  at(host: string, port: number): DatabaseConfig {
    return this.with({ host, port });
  }

  private constructor(given: Given) {
    this.#given = given;
    const result = settings.safeParse(given);
    if (!result.success) {
      const problems = result.error.issues.map(({ path, message }) => {
        const isMissing = given[String(path[0])] === undefined;
        return `${nameOf(String(path[0]))}: ${isMissing ? 'is missing; set it, or name it in DATABASE_URL' : message}`;
      });
      throw new ConfigurationError(`The database configuration is wrong. ${problems.join('; ')}.`);
    }
    const { host, port, password, sslMode, ...others } = result.data;
    const { sslCa, sslCaFile, sslCert, sslCertFile, sslKey, sslKeyFile, ...rest } = others;
    // A small maximum alone is no mistake: the default minimum follows it.
    if (given['minPoolSize'] === undefined) rest.minPoolSize = Math.min(rest.minPoolSize, rest.maxPoolSize);
    if (rest.minPoolSize > rest.maxPoolSize) {
      throw new ConfigurationError(
        'The database configuration is wrong. DATABASE_MIN_POOL_SIZE is above DATABASE_MAX_POOL_SIZE.',
      );
    }
    // A pooler does not keep search_path for its client, and reads outside a transaction would find a neighbour's book.
    if (rest.pooler !== 'none' && rest.schema !== undefined) {
      throw new ConfigurationError(
        'DATABASE_SCHEMA cannot go through DATABASE_POOLER. Give each book a role of its own there: alter role … set search_path = ….',
      );
    }
    this.#password = password;
    this.#tls = TlsSettings.of({ sslMode, sslCa, sslCaFile, sslCert, sslCertFile, sslKey, sslKeyFile });
    const servers = serversOf(host, String(port));
    const [first = { host: '', port: 0 }] = servers;
    this.settings = Object.freeze({ ...rest, ...first, servers, sslMode: this.#tls.mode });
  }

  /** For the session that connects; kept out of fields, so that no log and no JSON ever shows it. */
  password(): string {
    return this.#password;
  }

  /** How connections are secured; the certificates and the key are kept like the password. */
  tls(): TlsSettings {
    return this.#tls;
  }
}

function nameOf(setting: string): string {
  return setting in VARIABLES
    ? VARIABLES[setting as keyof typeof VARIABLES]
    : setting === 'commandTimeoutMs'
      ? 'DATABASE_COMMAND_TIMEOUT'
      : setting;
}

/** Settings from several places, the last of which comes first: a file there also stands before a text elsewhere. */
function over(...places: readonly Given[]): Given {
  return places.reduce((lower, upper) => {
    const replaced = TEXT_OR_FILE.filter((pair) => pair.some((name) => upper[name] !== undefined)).flat();
    const kept = Object.entries(lower).filter(([name]) => !(replaced as string[]).includes(name));
    return { ...Object.fromEntries(kept), ...upper };
  }, {});
}

import { ConfigurationError } from '@blotter/application';
import { z } from 'zod';

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const settings = z.object({
  host: z.string().min(1).default('localhost'),
  port: whole(1, 65_535).default(5432),
  name: z.string().min(1, 'is missing'),
  user: z.string().min(1, 'is missing'),
  password: z.string().default(''),
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
  /** Milliseconds after which a session that nobody needs is closed. */
  idleTimeoutMs: whole(1, 86_400_000).default(60_000),
  /** Milliseconds after which a session is replaced, less up to a tenth at random. */
  maxLifetimeMs: whole(1, 86_400_000).default(3_600_000),
  applicationName: z.string().min(1).max(63).default('blotter'),
});

/** Settings that a program may give on top of the environment or the URL. */
export type DatabaseSettings = Partial<z.input<typeof settings>>;
type Checked = Omit<z.output<typeof settings>, 'password'>;

/** Which variable of the environment says what. */
const VARIABLES = {
  host: 'DATABASE_HOST',
  port: 'DATABASE_PORT',
  name: 'DATABASE_NAME',
  user: 'DATABASE_USER',
  password: 'DATABASE_PASSWORD',
  minPoolSize: 'DATABASE_MIN_POOL_SIZE',
  maxPoolSize: 'DATABASE_MAX_POOL_SIZE',
  sharedReadSessions: 'DATABASE_SHARED_READ_SESSIONS',
  sharedReadsInFlight: 'DATABASE_SHARED_READS_IN_FLIGHT',
  maxWaiting: 'DATABASE_MAX_WAITING',
  acquireTimeoutMs: 'DATABASE_ACQUIRE_TIMEOUT_MS',
  connectTimeoutMs: 'DATABASE_CONNECT_TIMEOUT_MS',
  lockTimeoutMs: 'DATABASE_LOCK_TIMEOUT_MS',
  idleInTransactionTimeoutMs: 'DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS',
  idleTimeoutMs: 'DATABASE_IDLE_TIMEOUT_MS',
  maxLifetimeMs: 'DATABASE_MAX_LIFETIME_MS',
  applicationName: 'DATABASE_APPLICATION_NAME',
} as const satisfies Partial<Record<keyof DatabaseSettings, string>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the database is and how it is used; checked, immutable, and silent about its password. */
export class DatabaseConfig {
  readonly #password: string;

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
    refuseTls(environment['DATABASE_SSL_MODE'], 'DATABASE_SSL_MODE');
    const url = environment['DATABASE_URL'];
    if (url !== undefined && url !== '') return new DatabaseConfig({ ...read, ...partsOf(url), ...given });
    if (read['name'] === undefined && given.name === undefined) {
      throw new ConfigurationError(
        'Set DATABASE_URL, or DATABASE_NAME and DATABASE_USER, to say where the database is.',
      );
    }
    return new DatabaseConfig({ ...read, ...given });
  }

  /** From postgresql://user:password@host:port/name. What `given` says comes first. @throws ConfigurationError */
  static fromUrl(url: string, given: DatabaseSettings = {}): DatabaseConfig {
    return new DatabaseConfig({ ...partsOf(url), ...given });
  }

  readonly settings: Readonly<Checked>;

  /** The same server and settings, another database. */
  withName(name: string): DatabaseConfig {
    return this.with({ name });
  }

  /** The same database, with other settings. */
  with(given: DatabaseSettings): DatabaseConfig {
    return new DatabaseConfig({ ...this.settings, password: this.#password, ...given });
  }

  /** The same database and settings, reached another way. */
  at(host: string, port: number): DatabaseConfig {
    return this.with({ host, port });
  }

  private constructor(given: Record<string, unknown>) {
    const result = settings.safeParse(given);
    if (!result.success) {
      const problems = result.error.issues.map(({ path, message }) => {
        const isMissing = given[String(path[0])] === undefined;
        return `${nameOf(String(path[0]))}: ${isMissing ? 'is missing; set it, or name it in DATABASE_URL' : message}`;
      });
      throw new ConfigurationError(`The database configuration is wrong. ${problems.join('; ')}.`);
    }
    const { password, ...rest } = result.data;
    // A small maximum alone is no mistake: the default minimum follows it.
    if (given['minPoolSize'] === undefined) rest.minPoolSize = Math.min(rest.minPoolSize, rest.maxPoolSize);
    if (rest.minPoolSize > rest.maxPoolSize) {
      throw new ConfigurationError(
        'The database configuration is wrong. DATABASE_MIN_POOL_SIZE is above DATABASE_MAX_POOL_SIZE.',
      );
    }
    this.#password = password;
    this.settings = Object.freeze(rest);
  }

  /** For the session that connects; kept out of fields, so that no log and no JSON ever shows it. */
  password(): string {
    return this.#password;
  }
}

function nameOf(setting: string): string {
  return setting in VARIABLES
    ? VARIABLES[setting as keyof typeof VARIABLES]
    : setting === 'commandTimeoutMs'
      ? 'DATABASE_COMMAND_TIMEOUT'
      : setting;
}

/** What a URL says. @throws ConfigurationError */
function partsOf(url: string): DatabaseSettings {
  let parsed: URL;
  let parts: readonly (readonly [keyof DatabaseSettings, string])[];
  try {
    parsed = new URL(url);
    parts = [
      ['host', decodeURIComponent(parsed.hostname.replace(/^\[(.*)\]$/, '$1'))],
      ['port', parsed.port],
      ['name', decodeURIComponent(parsed.pathname.slice(1))],
      ['user', decodeURIComponent(parsed.username)],
      ['password', decodeURIComponent(parsed.password)],
    ];
  } catch {
    throw wrongUrl();
  }
  if (parsed.protocol !== 'postgres:' && parsed.protocol !== 'postgresql:') throw wrongUrl();
  refuseTls(parsed.searchParams.get('sslmode') ?? undefined, 'sslmode');
  return Object.fromEntries(parts.filter(([, value]) => value !== ''));
}

function wrongUrl(): ConfigurationError {
  return new ConfigurationError(
    'DATABASE_URL is not of the form postgresql://user:password@host:port/name (special characters percent-encoded).',
  );
}

/** A mode that promises encryption must never be taken for none. */
function refuseTls(mode: string | undefined, name: string): void {
  if (mode === undefined || mode === '' || mode === 'disable') return;
  throw new ConfigurationError(`${name} must be "disable" or absent: this version connects without TLS only.`);
}

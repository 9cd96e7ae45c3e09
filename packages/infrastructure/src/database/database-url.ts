import { ConfigurationError } from '@blotter/application';

/** Which parameter of a URL says what; named as in libpq. */
const PARAMETERS = {
  sslmode: 'sslMode',
  sslrootcert: 'sslCaFile',
  sslcert: 'sslCertFile',
  sslkey: 'sslKeyFile',
  application_name: 'applicationName',
} as const;

/**
 * The settings in a URL postgresql://user:password@host:port/name?parameter=value. As in libpq a parameter that is not known
 * is refused: one that was misspelt would leave undone what it promises. @throws ConfigurationError without any part of the URL
 */
export function settingsOfUrl(url: string): Record<string, string> {
  const [, address, , query] = /^([^?]*)(\?(.*))?$/s.exec(url) ?? [];
  const settings = { ...settingsOfAddress(address ?? ''), ...settingsOfQuery(query ?? '') };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''));
}

function settingsOfAddress(address: string): Record<string, string> {
  try {
    const parsed = new URL(address);
    if (parsed.protocol !== 'postgres:' && parsed.protocol !== 'postgresql:') throw wrongUrl();
    return {
      host: decodeURIComponent(parsed.hostname.replace(/^\[(.*)\]$/, '$1')),
      port: parsed.port,
      name: decodeURIComponent(parsed.pathname.slice(1)),
      user: decodeURIComponent(parsed.username),
      password: decodeURIComponent(parsed.password),
    };
  } catch {
    throw wrongUrl();
  }
}

function settingsOfQuery(query: string): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const part of query.split('&').filter((text) => text !== '')) {
    const [name, value] = decoded(part.split('='));
    if (name === undefined || value === undefined || !Object.hasOwn(PARAMETERS, name)) {
      // Its name is not repeated: behind a question mark that should have been encoded, it is a part of the password.
      throw new ConfigurationError(
        `DATABASE_URL has a parameter that is none of ${Object.keys(PARAMETERS).join(', ')}. Leave it out.`,
      );
    }
    const setting = PARAMETERS[name as keyof typeof PARAMETERS];
    if (setting in settings) throw new ConfigurationError(`DATABASE_URL says ${name} twice. Leave one out.`);
    settings[setting] = value;
  }
  return settings;
}

function decoded(parts: readonly string[]): readonly string[] {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    throw wrongUrl();
  }
}

function wrongUrl(): ConfigurationError {
  return new ConfigurationError(
    'DATABASE_URL is not of the form postgresql://user:password@host:port/name (special characters percent-encoded).',
  );
}

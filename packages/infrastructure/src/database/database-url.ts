import { ConfigurationError } from '@blotter/application';

/** Which parameter of a URL says what; named as in libpq. */
const PARAMETERS = {
  sslmode: 'sslMode',
  sslrootcert: 'sslCaFile',
  sslcert: 'sslCertFile',
  sslkey: 'sslKeyFile',
  target_session_attrs: 'targetSessionAttrs',
  application_name: 'applicationName',
} as const;

/** postgresql://[user[:password]@]hosts[/name][?parameters], as in libpq; the URL of the web knows no list of hosts. */
const URL_PARTS = /^postgres(?:ql)?:\/\/(?:([^:/?#]*)(?::([^/?#]*))?@)?([^@/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;
/** host[:port], an IPv6 address in brackets. */
const HOST_PARTS = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d*))?$/;
/** The port of a host in a list that names none. */
const USUAL_PORT = '5432';

/**
 * The settings in a URL postgresql://user:password@host:port,host:port/name?parameter=value. As in libpq a parameter that is
 * not known is refused: one that was misspelt would leave undone what it promises.
 * @throws ConfigurationError without any part of the URL
 */
export function settingsOfUrl(url: string): Record<string, string> {
  const parts = URL_PARTS.exec(url);
  if (!parts) throw wrongUrl();
  const [, user = '', password = '', hosts = '', name = '', query = ''] = parts;
  const settings = {
    ...serversIn(hosts),
    name: decoded(name),
    user: decoded(user),
    password: decoded(password),
    ...settingsOfQuery(query),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''));
}

/** Both lists as the settings have them; no ports when the URL has none, so that another place may name them. */
function serversIn(list: string): { host: string; port: string } {
  const servers = list.split(',').map((text) => {
    const [, address, host = '', port = ''] = HOST_PARTS.exec(text) ?? refuse();
    return { host: decoded(address ?? host), port };
  });
  if (servers.length > 1 && servers.some(({ host }) => host === '')) throw wrongUrl();
  return {
    host: servers.map(({ host }) => host).join(),
    port: servers.some(({ port }) => port !== '') ? servers.map(({ port }) => port || USUAL_PORT).join() : '',
  };
}

function settingsOfQuery(query: string): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const part of query.split('&').filter((text) => text !== '')) {
    const [name, value] = part.split('=').map(decoded);
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

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrongUrl();
  }
}

function refuse(): never {
  throw wrongUrl();
}

function wrongUrl(): ConfigurationError {
  return new ConfigurationError(
    'DATABASE_URL is not of the form postgresql://user:password@host:port/name (special characters percent-encoded; ' +
      'several hosts with commas between).',
  );
}

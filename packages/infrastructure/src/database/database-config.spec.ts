import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ConfigurationError } from '@blotter/application';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestAuthority } from '../../test/certificates.js';
import { addressOf } from './servers.js';
import { DatabaseConfig, type DatabaseSettings } from './database-config.js';

const URL = 'postgresql://me@localhost/book';
const authority = TestAuthority.make('authority');
const [mine, other] = [authority.forClient('me'), authority.forClient('me')];

let folder: string;
let files: { readonly ca: string; readonly cert: string; readonly key: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blotter-tls-'));
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  files = {
    ca: await write('ca.crt', authority.cert),
    cert: await write('client.crt', mine.cert),
    key: await write('client.key', mine.key),
  };
});
afterAll(() => rm(folder, { recursive: true }));

describe('TLS settings', () => {
  // The first that asks for the mode in this file.
  test('of mode require without an authority warn once that nobody is checked', async () => {
    const warnings: unknown[] = [];
    const keep = (warning: Error & { code?: string }) => warnings.push(warning.code);
    process.on('warning', keep);
    DatabaseConfig.fromUrl(URL, { sslMode: 'require', sslCa: authority.cert });
    for (let times = 0; times < 3; times += 1) DatabaseConfig.fromUrl(URL, { sslMode: 'require' });
    await new Promise(setImmediate);
    process.off('warning', keep);
    expect(warnings).toEqual(['BLOTTER_TLS_UNCHECKED']);
  });

  test('without any the mode is prefer, with an authority it is verify-full', () => {
    expect(DatabaseConfig.fromUrl(URL).settings.sslMode).toBe('prefer');
    expect(DatabaseConfig.fromUrl(URL, { sslCa: authority.cert }).settings.sslMode).toBe('verify-full');
    expect(DatabaseConfig.fromUrl(URL, { sslCaFile: 'system' }).settings.sslMode).toBe('verify-full');
  });

  test('mode require checks the authority when one is given, and never the name', () => {
    expect(DatabaseConfig.fromUrl(URL, { sslMode: 'require' }).tls()).toMatchObject({
      checksAuthority: false,
      checksName: false,
    });
    expect(DatabaseConfig.fromUrl(URL, { sslMode: 'require', sslCa: authority.cert }).tls()).toMatchObject({
      checksAuthority: true,
      checksName: false,
    });
  });

  test('come from the URL as libpq names them', () => {
    const query = `sslmode=verify-ca&sslrootcert=${encodeURIComponent(files.ca)}&sslcert=${files.cert}&sslkey=${files.key}`;
    const config = DatabaseConfig.fromUrl(`${URL}?${query}`);
    expect(config.settings.sslMode).toBe('verify-ca');
    expect(config.tls().material()).toEqual({ ca: authority.cert, cert: mine.cert, key: mine.key });
  });

  test('come from the environment, as text or as files', () => {
    const environment = { DATABASE_URL: URL, DATABASE_SSL_CA: authority.cert, DATABASE_SSL_MODE: 'require' };
    const config = DatabaseConfig.fromEnvironment({
      ...environment,
      DATABASE_SSL_CERT_FILE: files.cert,
      DATABASE_SSL_KEY_FILE: files.key,
    });
    expect(config.settings.sslMode).toBe('require');
    expect(config.tls().material()).toEqual({ ca: authority.cert, cert: mine.cert, key: mine.key });
  });

  test('a text may write its line breaks as \\n', () => {
    const config = DatabaseConfig.fromUrl(URL, {
      sslCa: authority.cert.replaceAll('\r\n', '\n').replaceAll('\n', '\\n'),
    });
    expect(config.tls().material().ca).toBe(authority.cert.replaceAll('\r\n', '\n'));
  });

  test('in the URL they stand before the environment, a file there before a text here', () => {
    const environment = {
      DATABASE_URL: `${URL}?sslmode=require&sslrootcert=${files.ca}`,
      DATABASE_SSL_MODE: 'disable',
      DATABASE_SSL_CA: 'not even a certificate',
    };
    const config = DatabaseConfig.fromEnvironment(environment);
    expect(config.settings.sslMode).toBe('require');
    expect(config.tls().material()).toEqual({ ca: authority.cert });
  });

  test('stay with the configuration for another database or another way to it', () => {
    const config = DatabaseConfig.fromUrl(URL, { sslCa: authority.cert });
    for (const derived of [config.withName('other'), config.at('elsewhere', 1)]) {
      expect(derived.settings.sslMode).toBe('verify-full');
      expect(derived.tls().material()).toEqual({ ca: authority.cert });
    }
  });

  test('a file that is renewed is read anew for the next connection', async () => {
    const config = DatabaseConfig.fromUrl(URL, { sslCertFile: files.cert, sslKeyFile: files.key });
    await Promise.all([writeFile(files.cert, other.cert), writeFile(files.key, other.key)]);
    expect(config.tls().material()).toEqual({ cert: other.cert, key: other.key });
    await Promise.all([writeFile(files.cert, mine.cert), writeFile(files.key, mine.key)]);
  });

  test.each<[string, () => DatabaseSettings, RegExp]>([
    ['a mode that there is not', () => ({ sslMode: 'allow' }) as unknown as DatabaseSettings, /DATABASE_SSL_MODE/],
    [
      'an authority as text and as file',
      () => ({ sslCa: authority.cert, sslCaFile: files.ca }),
      /DATABASE_SSL_CA_FILE/,
    ],
    ['an authority that disable would not ask', () => ({ sslMode: 'disable', sslCa: authority.cert }), /verify-full/],
    ['an authority that prefer would not ask', () => ({ sslMode: 'prefer', sslCaFile: files.ca }), /verify-full/],
    ['verify-ca without an authority', () => ({ sslMode: 'verify-ca' }), /DATABASE_SSL_CA/],
    ['verify-ca by anybody’s authority', () => ({ sslMode: 'verify-ca', sslCaFile: 'system' }), /verify-full/],
    ['a certificate without its key', () => ({ sslCert: mine.cert }), /DATABASE_SSL_KEY/],
    ['a key without its certificate', () => ({ sslKey: mine.key }), /DATABASE_SSL_CERT/],
    ['the key of another certificate', () => ({ sslCert: mine.cert, sslKey: other.key }), /DATABASE_SSL_KEY/],
    ['a certificate that disable would not show', () => ({ ...pair(), sslMode: 'disable' }), /DATABASE_SSL_CERT/],
    ['an authority that is no certificate', () => ({ sslCa: mine.key }), /DATABASE_SSL_CA /],
    ['a certificate that is none', () => ({ ...pair(), sslCert: mine.key }), /DATABASE_SSL_CERT /],
    ['a key that is none', () => ({ ...pair(), sslKey: mine.cert }), /DATABASE_SSL_KEY /],
    ['a file that is not there', () => ({ sslCaFile: join(folder, 'missing.crt') }), /DATABASE_SSL_CA_FILE.*ENOENT/],
    ['a key where its path belongs', () => ({ sslCert: mine.cert, sslKeyFile: mine.key }), /DATABASE_SSL_KEY_FILE/],
  ])('%s is a ConfigurationError that names the variable, and shows no key', (_, settings, names) => {
    const error = errorOf(() => DatabaseConfig.fromUrl(URL, settings()));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(names);
    expectToHide(error);
  });

  test('are never seen: not in fields, not in inspect, not in JSON', () => {
    expectToHide(DatabaseConfig.fromUrl(URL, { ...pair(), sslCa: authority.cert }));
  });
});

describe('servers', () => {
  const serversOfUrl = (address: string, settings: DatabaseSettings = {}) =>
    DatabaseConfig.fromUrl(`postgresql://me:secret@${address}`, settings).settings.servers.map(addressOf);

  test.each([
    ['db/book', ['db:5432']],
    ['db:5433/book', ['db:5433']],
    ['/book', ['localhost:5432']],
    [':5433/book', ['localhost:5433']],
    ['h1:5432,h2:5433/book', ['h1:5432', 'h2:5433']],
    ['h1,h2:5433/book', ['h1:5432', 'h2:5433']],
    ['h1:,h2/book', ['h1:5432', 'h2:5432']],
    ['[::1]:5433,[fe80::1%25eth0],h3:1/book', ['[::1]:5433', '[fe80::1%eth0]:5432', 'h3:1']],
    ['h%2D1,h2/book', ['h-1:5432', 'h2:5432']],
  ])('of the URL …@%s are %s', (address, servers) => {
    expect(serversOfUrl(address)).toEqual(servers);
  });

  test.each([
    ['an empty host in a list', 'h1,,h2/book'],
    ['an empty host with a port in a list', 'h1,:5433/book'],
    ['a comma at the end', 'h1,/book'],
    ['a port that is none', 'h1:5432,h2:x/book'],
    ['a port out of range', 'h1,h2:65536/book'],
    ['an IPv6 address without brackets', '::1,h2/book'],
    ['a bracket that is not closed', '[::1,h2/book'],
  ])('%s is a ConfigurationError', (_, address) => {
    expect(errorOf(() => serversOfUrl(address))).toBeInstanceOf(ConfigurationError);
  });

  const environment = { DATABASE_NAME: 'book', DATABASE_USER: 'me' };
  const serversOfEnvironment = (variables: Record<string, string>) =>
    DatabaseConfig.fromEnvironment({ ...environment, ...variables }).settings.servers.map(addressOf);

  test.each<[Record<string, string>, string[]]>([
    [{ DATABASE_HOST: 'h1,h2' }, ['h1:5432', 'h2:5432']],
    [{ DATABASE_HOST: 'h1, h2', DATABASE_PORT: '5433' }, ['h1:5433', 'h2:5433']],
    [{ DATABASE_HOST: 'h1,h2', DATABASE_PORT: '5433,5434' }, ['h1:5433', 'h2:5434']],
    [{ DATABASE_HOST: '::1,h2' }, ['[::1]:5432', 'h2:5432']],
    [{ DATABASE_PORT: '5433', DATABASE_URL: 'postgresql://me@h1,h2/book' }, ['h1:5433', 'h2:5433']],
    [{ DATABASE_PORT: '5433', DATABASE_URL: 'postgresql://me@h1:1,h2/book' }, ['h1:1', 'h2:5432']],
  ])('of the environment %s are %s', (variables, servers) => {
    expect(serversOfEnvironment(variables)).toEqual(servers);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['an empty host', { DATABASE_HOST: 'h1,' }, /DATABASE_HOST/],
    ['an empty port', { DATABASE_HOST: 'h1,h2', DATABASE_PORT: '5432,' }, /DATABASE_PORT/],
    ['ports for other hosts', { DATABASE_HOST: 'h1,h2', DATABASE_PORT: '1,2,3' }, /DATABASE_PORT: 3 ports for 2 hosts/],
    ['a fraction of a port', { DATABASE_PORT: '5432.5' }, /DATABASE_PORT/],
    ['a kind of server that there is not', { DATABASE_TARGET_SESSION_ATTRS: 'best' }, /DATABASE_TARGET_SESSION_ATTRS/],
  ])('%s is a ConfigurationError that names the variable', (_, variables, names) => {
    const error = errorOf(() => serversOfEnvironment(variables));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(names);
  });

  test('may be chosen by what they are, in the URL as in libpq; without a word any will do', () => {
    const { settings } = DatabaseConfig.fromUrl('postgresql://me@h1,h2/book?target_session_attrs=read-write');
    expect(settings.targetSessionAttrs).toBe('read-write');
    expect(DatabaseConfig.fromUrl(URL).settings.targetSessionAttrs).toBe('any');
  });

  test('another way is one server, and the first is what a single one is called by', () => {
    const config = DatabaseConfig.fromUrl('postgresql://me@h1:1,h2:2/book');
    expect(config.settings).toMatchObject({ host: 'h1', port: 1 });
    expect(config.at('::1', 3).settings).toMatchObject({ host: '::1', port: 3, servers: [{ host: '::1', port: 3 }] });
    expect(config.withName('other').settings.servers).toEqual(config.settings.servers);
  });
});

describe('a URL', () => {
  test('is decoded part by part, and may have an @ in its password', () => {
    const config = DatabaseConfig.fromUrl('postgresql://m%40e:p%2Fa%3Aa@s:s@host/my%20book');
    expect(config.settings).toMatchObject({ user: 'm@e', host: 'host', name: 'my book' });
    expect(config.password()).toBe('p/a:a@s:s');
  });

  test.each([
    ['a parameter that is not known', '?sslmod=verify-full'],
    ['a parameter without a value', '?sslmode'],
    ['a parameter twice', '?sslmode=require&sslmode=disable'],
    ['a percent sign that was not encoded', '?sslmode=%'],
    ['a promise that is not kept', '?sslmode=require&channel_binding=require'],
  ])('with %s is refused, and no part of it is repeated', (_, query) => {
    const error = errorOf(() => DatabaseConfig.fromUrl(`${URL}${query}`));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).not.toContain(query);
  });

  test('with a question mark in the password that was not encoded does not show the rest of it', () => {
    const error = errorOf(() => DatabaseConfig.fromUrl('postgresql://me:half?canary@localhost/book'));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(inspect(error)).not.toContain('canary');
  });

  test('may name the application', () => {
    expect(DatabaseConfig.fromUrl(`${URL}?application_name=desk%207`).settings.applicationName).toBe('desk 7');
  });
});

const pair = () => ({ sslCert: mine.cert, sslKey: mine.key });

/** Nothing that the value shows contains a line of a key or certificate. */
function expectToHide(value: unknown): void {
  const shown = [String(value), JSON.stringify(value), inspect(value, { depth: Infinity, showHidden: true })].join(
    '\n',
  );
  for (const pem of [authority.cert, mine.cert, mine.key, other.key]) {
    const [, line = 'none'] = pem.split(/\r?\n/).slice(1);
    expect(shown).not.toContain(line);
  }
}

function errorOf(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It was expected to throw an error.');
}

describe('a socket in the file system', () => {
  const names = { DATABASE_NAME: 'book', DATABASE_USER: 'somebody' };

  test.each([
    ['DATABASE_HOST', () => DatabaseConfig.fromEnvironment({ ...names, DATABASE_HOST: '/var/run/postgresql' })],
    ['a list of hosts', () => DatabaseConfig.fromEnvironment({ ...names, DATABASE_HOST: 'localhost,/tmp' })],
    ['a URL', () => DatabaseConfig.fromUrl('postgresql://somebody@%2Fvar%2Frun/book')],
  ])('is refused in %s, for it would be looked up as the name of a host', (_, configure) => {
    expect(configure).toThrow('DATABASE_HOST: a socket in the file system is not supported.');
  });
});

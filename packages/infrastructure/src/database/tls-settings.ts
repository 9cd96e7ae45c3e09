import { createPrivateKey, X509Certificate } from 'node:crypto';
import type tls from 'node:tls';
import { ConfigurationError } from '@blotter/application';
import { PemSource } from './pem-source.js';

/** As libpq names them; docs/connecting.md says what each one checks. */
export const TLS_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type TlsMode = (typeof TLS_MODES)[number];

/** What the configuration says of TLS: texts in PEM, or the paths of files that hold them. */
export interface TlsInput {
  readonly sslMode?: TlsMode | undefined;
  readonly sslCa?: string | undefined;
  readonly sslCaFile?: string | undefined;
  readonly sslCert?: string | undefined;
  readonly sslCertFile?: string | undefined;
  readonly sslKey?: string | undefined;
  readonly sslKeyFile?: string | undefined;
}

/** In place of a path to a CA: the public authorities that Node trusts, and those of NODE_EXTRA_CA_CERTS. As in libpq. */
const PUBLIC_AUTHORITIES = 'system';

/** How connections are encrypted and whom they trust; silent about the certificates and the key. */
export class TlsSettings {
  /** @throws ConfigurationError that names the variable, never what it holds */
  static of(given: TlsInput): TlsSettings {
    const isPublic = given.sslCaFile === PUBLIC_AUTHORITIES;
    const ca = PemSource.of('DATABASE_SSL_CA', given.sslCa, isPublic ? undefined : given.sslCaFile);
    const cert = PemSource.of('DATABASE_SSL_CERT', given.sslCert, given.sslCertFile);
    const key = PemSource.of('DATABASE_SSL_KEY', given.sslKey, given.sslKeyFile);
    // Who names an authority wants it asked.
    const mode = given.sslMode ?? (ca || isPublic ? 'verify-full' : 'prefer');
    refuseContradictions(mode, { ca, cert, key, isPublic });
    const settings = new TlsSettings(mode, ca, cert, key);
    settings.checkMaterial();
    if (mode === 'require' && !settings.checksAuthority) warnOfRequire();
    return settings;
  }

  readonly mode: TlsMode;
  /** Whether the server's certificate must be signed by an authority we trust. */
  readonly checksAuthority: boolean;
  /** Whether the server's certificate must be for the name that we connect to. */
  readonly checksName: boolean;
  readonly #ca: PemSource | undefined;
  readonly #cert: PemSource | undefined;
  readonly #key: PemSource | undefined;

  private constructor(
    mode: TlsMode,
    ca: PemSource | undefined,
    cert: PemSource | undefined,
    key: PemSource | undefined,
  ) {
    this.mode = mode;
    this.checksName = mode === 'verify-full';
    this.checksAuthority = this.checksName || mode === 'verify-ca' || (mode === 'require' && ca !== undefined);
    [this.#ca, this.#cert, this.#key] = [ca, cert, key];
  }

  /** For node:tls. Files are read anew each time, so that a renewed certificate needs no restart. @throws ConfigurationError */
  material(): tls.SecureContextOptions {
    return {
      ...(this.#ca && { ca: this.#ca.read() }),
      ...(this.#cert && { cert: this.#cert.read() }),
      ...(this.#key && { key: this.#key.read() }),
    };
  }

  /** What cannot work is said now, not at the first connection. */
  private checkMaterial(): void {
    this.#ca?.parse((pem) => new X509Certificate(pem), 'holds no certificate in PEM');
    const cert = this.#cert?.parse((pem) => new X509Certificate(pem), 'holds no certificate in PEM');
    const key = this.#key?.parse((pem) => createPrivateKey(pem), 'holds no private key in PEM, or an encrypted one');
    if (cert && key && !cert.checkPrivateKey(key)) {
      throw new ConfigurationError('DATABASE_SSL_KEY is not the key of the certificate in DATABASE_SSL_CERT.');
    }
  }
}

interface Material {
  readonly ca: PemSource | undefined;
  readonly cert: PemSource | undefined;
  readonly key: PemSource | undefined;
  readonly isPublic: boolean;
}

/** A setting that a mode would not look at is refused: whoever gave it would believe that it protects. */
function refuseContradictions(mode: TlsMode, { ca, cert, key, isPublic }: Material): void {
  if (isPublic && mode !== 'verify-full') {
    throw new ConfigurationError(
      `The public authorities ("system") sign for anybody: with them DATABASE_SSL_MODE must be verify-full, not ${mode}.`,
    );
  }
  if (ca && (mode === 'disable' || mode === 'prefer')) {
    throw new ConfigurationError(
      `DATABASE_SSL_CA is given, and DATABASE_SSL_MODE ${mode} would not look at it. Use verify-full.`,
    );
  }
  if (mode === 'verify-ca' && !ca) {
    throw new ConfigurationError(
      'DATABASE_SSL_MODE verify-ca needs the authority in DATABASE_SSL_CA or DATABASE_SSL_CA_FILE.',
    );
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw new ConfigurationError('DATABASE_SSL_CERT and DATABASE_SSL_KEY belong together: give both or neither.');
  }
  if (cert && mode === 'disable') {
    throw new ConfigurationError('DATABASE_SSL_CERT is given, and DATABASE_SSL_MODE disable would not use it.');
  }
}

let hasWarned = false;

/** Once in a process: the mode sounds safer than it is. */
function warnOfRequire(): void {
  if (hasWarned) return;
  hasWarned = true;
  process.emitWarning(
    'DATABASE_SSL_MODE require without DATABASE_SSL_CA encrypts, and does not check who the server is. Use verify-full.',
    { code: 'BLOTTER_TLS_UNCHECKED' },
  );
}

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of a test's own, which signs what it is asked to. */
export class TestAuthority {
  static make(name: string): TestAuthority {
    return new TestAuthority(sign({ name, extensions: [{ name: 'basicConstraints', cA: true }] }));
  }

  private constructor(private readonly own: Certificate) {}

  get cert(): string {
    return this.own.cert;
  }

  /** For a server that is reached by a name; for no address. */
  forServer(hostname: string): Certificate {
    const extensions = [{ name: 'subjectAltName', altNames: [{ type: DNS_NAME, value: hostname }] }];
    return sign({ name: hostname, extensions, issuer: this.own });
  }

  forClient(user: string): Certificate {
    return sign({ name: user, extensions: [], issuer: this.own });
  }
}

const DNS_NAME = 2;
const DAY_MS = 86_400_000;

function sign(wanted: { name: string; extensions: object[]; issuer?: Certificate }): Certificate {
  // Made by node:crypto, which needs a fiftieth of the time.
  const { privateKey: key } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const ownKey = forge.pki.privateKeyFromPem(key);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(ownKey.n, ownKey.e);
  certificate.serialNumber = `01${randomBytes(8).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() - DAY_MS);
  certificate.validity.notAfter = new Date(Date.now() + DAY_MS);
  const subject = [{ name: 'commonName', value: wanted.name }];
  certificate.setSubject(subject);
  certificate.setIssuer(wanted.issuer ? forge.pki.certificateFromPem(wanted.issuer.cert).subject.attributes : subject);
  certificate.setExtensions(wanted.extensions);
  certificate.sign(wanted.issuer ? forge.pki.privateKeyFromPem(wanted.issuer.key) : ownKey, forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate), key };
}

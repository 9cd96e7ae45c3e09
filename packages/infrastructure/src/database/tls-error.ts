import { ConnectionError } from '@blotter/application';
import { addressOf, type Server } from './servers.js';

/** What OpenSSL and Node call it, and what to do. Codes of node:tls; its messages name certificates, and are left out. */
const ADVICE: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID:
    'the server’s certificate is for another name. Connect by a name that it is for, or give the server one for this name',
  CERT_HAS_EXPIRED: 'a certificate of the server has expired. Renew it',
  CERT_NOT_YET_VALID: 'a certificate of the server is not valid yet. Compare the clocks',
};

const UNKNOWN_AUTHORITY =
  'no authority that is trusted here signed the server’s certificate. Give the right one in DATABASE_SSL_CA or DATABASE_SSL_CA_FILE';

const UNKNOWN_AUTHORITY_CODES: ReadonlySet<string> = new Set([
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** TLS could not be agreed on, for a reason in words or by an error of node:tls. */
export function tlsFailed(server: Server, reason: string | NodeJS.ErrnoException): ConnectionError {
  const words = typeof reason === 'string' ? reason : wordsFor(reason.code ?? 'unknown');
  return new ConnectionError('TLS_FAILED', `No TLS with ${addressOf(server)}: ${words}.`);
}

/** Whether the server refused what we offered. With TLS 1.3 it does so after the handshake, to the first that is sent. */
export function isAlert(error: NodeJS.ErrnoException | undefined): boolean {
  return error?.code?.startsWith('ERR_SSL_') === true && error.code.includes('ALERT');
}

function wordsFor(code: string): string {
  if (UNKNOWN_AUTHORITY_CODES.has(code)) return `${UNKNOWN_AUTHORITY} (${code})`;
  if (code.startsWith('ERR_SSL_') && code.includes('ALERT')) {
    return `the server refused it (${code}). It may not trust the certificate in DATABASE_SSL_CERT`;
  }
  return `${ADVICE[code] ?? 'the handshake failed. See the log of the server'} (${code})`;
}

import { ConnectionError } from '@blotter/application';
import { addressOf, type Server } from './servers.js';

/** Which servers are good enough, as in libpq. */
export const SESSION_TARGETS = ['any', 'read-write', 'read-only', 'primary', 'standby'] as const;
export type SessionTarget = (typeof SESSION_TARGETS)[number];

/** What a server says of itself. */
export interface ServerRole {
  /** It follows another one. */
  readonly standby: boolean;
  /** Transactions on it do not write, unless they ask to: a standby, or default_transaction_read_only. */
  readonly readOnly: boolean;
}

const FITS = {
  any: () => true,
  'read-write': ({ readOnly }) => !readOnly,
  'read-only': ({ readOnly }) => readOnly,
  primary: ({ standby }) => !standby,
  standby: ({ standby }) => standby,
} as const satisfies Record<SessionTarget, (role: ServerRole) => boolean>;

/** @throws ConnectionError SERVER_UNAVAILABLE when the server is none of those that are wanted, for now */
export function refuseWrongRole(role: ServerRole, target: SessionTarget, server: Server): void {
  if (FITS[target](role)) return;
  const kind = `${role.standby ? 'a standby' : 'a primary'}${role.readOnly && !role.standby ? ' that is read-only' : ''}`;
  throw new ConnectionError(
    'SERVER_UNAVAILABLE',
    `The database server at ${addressOf(server)} is ${kind}, and DATABASE_TARGET_SESSION_ATTRS is ${target}. Repeat it later.`,
  );
}

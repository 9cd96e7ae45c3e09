import { rmSync } from 'node:fs';
import type { DataFolder } from './data-folder.js';
import { inUse } from './owner-file.js';
import { isServerOf, postmasterFileOf, readPostmasterFile } from './postmaster-file.js';
import { stopServer, strayServer } from './stop-server.js';

/**
 * What a start found from a run that did not end in order:
 * - `orphaned-server`: its server was still running, and has been stopped;
 * - `crashed-server`: its server had died too, and PostgreSQL recovered from its log;
 * - `none`: nothing.
 */
export type Leftover = 'none' | 'orphaned-server' | 'crashed-server';

/**
 * Deals with the server of a former owner. Whatever its state, its data is safe: what was committed is in the
 * write-ahead log, and the next server replays it.
 *
 * @throws EmbeddedPostgresError IN_USE when a server runs that no owner of ours left behind
 */
export async function clearLeftovers(folder: DataFolder, ownerDied: boolean, pgCtl: string): Promise<Leftover> {
  const found = readPostmasterFile(folder.cluster);
  if (found === undefined) return 'none';
  const verdict = isServerOf(folder.cluster, found.pid);
  if (verdict === 'yes' && ownerDied) {
    await stopServer(strayServer(found.pid, pgCtl), ['INT', 'QUIT', 'KILL']);
    return 'orphaned-server';
  }
  if (verdict !== 'no') {
    throw inUse(folder, `a PostgreSQL server with pid ${found.pid}`, 'Stop it first (kill it, or use pg_ctl stop).');
  }
  // The pid may be somebody else's by now, and PostgreSQL would then refuse to start.
  rmSync(postmasterFileOf(folder.cluster), { force: true });
  return 'crashed-server';
}

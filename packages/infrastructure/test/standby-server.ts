import { chmod, chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@blotter/embedded-postgres';

/**
 * A server in recovery: a standby, until it is promoted. It has nobody to follow (the embedded PostgreSQL brings no
 * pg_basebackup), which is all the same to whoever asks for its role.
 */
export async function startStandby(): Promise<EmbeddedPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'blotter-standby-'));
  // As root, the server has another account.
  await chmod(folder, 0o711);
  const dataDirectory = join(folder, 'data');
  const primary = await startEmbeddedPostgres({ dataDirectory });
  await primary.stop();
  const cluster = join(primary.dataDirectory, 'cluster');
  const { uid, gid } = await stat(cluster);
  await writeFile(join(cluster, 'standby.signal'), '');
  await chown(join(cluster, 'standby.signal'), uid, gid);
  const standby = await startEmbeddedPostgres({ dataDirectory });
  return {
    ...standby,
    stop: async () => {
      await standby.stop();
      await rm(folder, { recursive: true });
    },
  };
}

import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { openCluster, type DataFolder } from './data-folder.js';
import { findFreePort } from './free-port.js';
import { prepareRuntime } from './runtime.js';
import { launchServer } from './server-process.js';
import { findServerUser } from './server-user.js';
import { stopServer } from './stop-server.js';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.js';

const folders: DataFolder[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map(removeTemporaryFolder));
});

describe('launching', () => {
  it('takes another port when the first was lost to somebody else', async () => {
    const user = findServerUser();
    const runtime = await prepareRuntime(user);
    const folder = makeTemporaryFolder(user);
    folders.push(folder);
    await openCluster(folder, runtime, user, { temporary: true });

    const taken = await findFreePort();
    const other = createServer().listen(taken, '127.0.0.1');
    await once(other, 'listening');
    const offered: number[] = [];
    const choosePort = async (): Promise<number> => {
      const port = offered.length === 0 ? taken : await findFreePort();
      offered.push(port);
      return port;
    };
    const server = await launchServer({ runtime, folder, user, settings: {}, choosePort });
    await stopServer(server, ['INT', 'QUIT', 'KILL']);
    other.close();
    expect(offered[0]).toBe(taken);
    expect(server.port).toBe(offered.at(-1));
    expect(server.port).not.toBe(taken);
  });
});

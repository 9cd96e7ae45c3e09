import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** Decided by the launcher: where the server is found, and who may reach it. */
const RESERVED = ['port', 'listen_addresses', 'unix_socket_directories', 'data_directory', 'config_file', 'hba_file'];

/**
 * The command line that carries the settings.
 *
 * @throws EmbeddedPostgresError INVALID_SETTING
 */
export function settingArguments(settings: Readonly<Record<string, string>>, port: number): string[] {
  for (const name of Object.keys(settings)) {
    if (RESERVED.includes(name.toLowerCase())) {
      throw new EmbeddedPostgresError(
        'INVALID_SETTING',
        `${name} is set by the launcher. Leave it out of the settings.`,
      );
    }
    if (!/^[a-z_][a-z0-9_.]*$/i.test(name)) {
      throw new EmbeddedPostgresError('INVALID_SETTING', `${JSON.stringify(name)} is not the name of a setting.`);
    }
  }
  const all = {
    TimeZone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
    port: String(port),
    listen_addresses: '127.0.0.1',
    // The default /tmp (or /run/postgresql) may not be ours to write to, and nobody looks for this server there
    unix_socket_directories: '',
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

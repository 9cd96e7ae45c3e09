import { DatabaseConfig } from '../src/database/database-config.js';
import { Migrator } from '../src/migrations/migrator.js';

/** A runner of its own process, to be killed: the URL, the folder, the command, the version that it names. */
const [url = '', folder = '', command = '', version = ''] = process.argv.slice(2);
const migrator = new Migrator(DatabaseConfig.fromUrl(url, { migrationLockTimeoutMs: 60_000 }), { folder });
const commands: Readonly<Record<string, () => Promise<unknown>>> = {
  up: () => migrator.up(),
  down: () => migrator.down(version === '' ? {} : { to: version }),
  redo: () => migrator.redo(),
  repair: () => migrator.repair(version === '' ? {} : { accept: [version] }),
  baseline: () => migrator.baseline({ to: version }),
};
await commands[command]?.();

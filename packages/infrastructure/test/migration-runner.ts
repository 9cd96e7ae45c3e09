import { DatabaseConfig } from '../src/database/database-config.js';
import { Migrator } from '../src/migrations/migrator.js';

/** A runner of its own process, to be killed: the URL, the folder, the direction. */
const [url = '', folder = '', direction] = process.argv.slice(2);
const migrator = new Migrator(DatabaseConfig.fromUrl(url, { migrationLockTimeoutMs: 60_000 }), { folder });
await (direction === 'down' ? migrator.down() : migrator.up());

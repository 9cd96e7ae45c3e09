export { Database, type CloseOptions, type DatabaseOptions, type DatabaseStatistics } from './database/database.js';
export { DatabaseConfig, type DatabaseSettings } from './database/database-config.js';
export { PostgresFault } from './database/postgres-fault.js';
export { processDatabase } from './database/process-database.js';
export { Session, type PlainResult } from './database/session.js';
export { SessionPool, type SessionPoolStatistics } from './database/session-pool.js';
export { Transaction } from './database/transaction.js';
export type { HealthThresholds } from './health/health-check.js';
export {
  HealthMonitor,
  type HealthChange,
  type HealthListener,
  type HealthMonitorOptions,
} from './health/health-monitor.js';
export type { HealthReason, HealthReport, HealthState, ServerHealth } from './health/health-report.js';
export { MigrationError, type MigrationErrorCode } from './migrations/migration-error.js';
export type { PlannedMigration } from './migrations/migration-plan.js';
export type { MigrationName, MigrationReport, RepairReport } from './migrations/migration-report.js';
export type { MigrationStatus } from './migrations/migration-status.js';
export { Migrator, type MigratorOptions } from './migrations/migrator.js';
export { proveBook, type BookProof, type ProvenFigure } from './proof/prove-book.js';
export { PostgresUnitOfWork } from './transactions/postgres-unit-of-work.js';
export { uuidv7Ids } from './uuidv7-ids.js';

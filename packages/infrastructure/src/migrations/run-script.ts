import { ConnectionError, DatabaseError } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import type { DatabaseConfig } from '../database/database-config.js';
import type { Session } from '../database/session.js';
import { translateError } from '../database/translate-error.js';
import { MigrationError } from './migration-error.js';
import type { MigrationScript } from './migration-script.js';
import { isInTheWay, patiently } from './patience.js';
import { isConcurrent } from './sql-skeleton.js';
import { unhurried } from './unhurried.js';

/** A script of a migration, on the session that holds the migrations' lock. */
export class ScriptRun {
  constructor(
    private readonly session: Session,
    private readonly config: DatabaseConfig,
    private readonly version: string,
    private readonly script: MigrationScript,
  ) {}

  /** All of it with its record, or nothing. @throws MigrationError MIGRATION_FAILED, MIGRATION_BLOCKED; ConnectionError */
  async inTransaction(record: () => Promise<void>): Promise<void> {
    await this.patiently(async () => {
      await this.session.query('begin');
      try {
        for (const statement of this.script.statements) await this.send(statement);
        await this.forgetSettings();
        await record();
        await this.session.query('commit');
      } catch (error) {
        // What went wrong is the migration's error; that the connection is gone, and with it the transaction, is not.
        if (this.session.isUsable) await this.session.query('rollback').catch(() => undefined);
        throw error;
      }
    });
  }

  /** Statement by statement; what those before a failure did, stays. @throws as inTransaction */
  async statementByStatement(): Promise<void> {
    try {
      for (const statement of this.script.statements) {
        if (isConcurrent(statement.sql)) await unhurried(this.session, () => this.sendOnce(statement));
        else await this.patiently(() => this.send(statement));
      }
    } finally {
      if (this.session.isUsable) await this.forgetSettings();
    }
  }

  /** What a file sets is its own: the record and the next file look and wait as the session was told to. */
  private async forgetSettings(): Promise<void> {
    await this.session.query('reset role; reset search_path; reset lock_timeout; reset statement_timeout');
  }

  private patiently(work: () => Promise<void>): Promise<void> {
    return patiently(this.config, work, (reason) => this.blocked(reason));
  }

  private async send({ sql, line }: MigrationScript['statements'][number]): Promise<void> {
    try {
      await this.session.query(sql);
    } catch (error) {
      const reason = translateError(error);
      if (reason instanceof ConnectionError || isInTheWay(reason)) throw reason;
      throw this.failed(line, reason);
    }
  }

  /** A build that was broken off leaves an invalid index, which "if not exists" would take for one that is there. */
  private async sendOnce(statement: MigrationScript['statements'][number]): Promise<void> {
    try {
      await this.send(statement);
    } catch (error) {
      const reason = translateError(error);
      throw isInTheWay(reason) ? this.blocked(reason) : reason;
    }
  }

  private failed(line: number, cause: BlotterError): MigrationError {
    const said = cause instanceof DatabaseError ? `SQLSTATE ${cause.sqlState}` : cause.code;
    const left = this.script.isTransactional
      ? 'Nothing of it is left. Correct it and run it again.'
      : 'What its earlier statements did is still there. Correct it, or what stood in its way, and run repair.';
    return new MigrationError(
      'MIGRATION_FAILED',
      this.version,
      `Migration ${this.version} failed in the statement at line ${line}: ${said}. ${left}`,
      { cause },
    );
  }

  private blocked(cause: BlotterError): MigrationError {
    const again = this.script.isTransactional ? 'run it again' : 'run repair, which finishes it';
    return new MigrationError(
      'MIGRATION_BLOCKED',
      this.version,
      `What migration ${this.version} changes was in use by others whenever it was tried (${cause.code}; the patience is ` +
        `${this.config.settings.migrationPatienceMs} ms). Look in pg_stat_activity for transactions that stay open, and ${again}.`,
      { cause },
    );
  }
}

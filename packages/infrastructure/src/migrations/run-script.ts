import { ConnectionError } from '@blotter/application';
import type { BlotterError } from '@blotter/domain';
import type { DatabaseConfig } from '../database/database-config.js';
import { faultOf } from '../database/postgres-fault.js';
import type { Session } from '../database/session.js';
import { translateError } from '../database/translate-error.js';
import { MigrationError } from './migration-error.js';
import { lineAt, type MigrationScript, type Statement } from './migration-script.js';
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
        await this.commit();
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

  private async send(statement: Statement): Promise<void> {
    await this.session.query(statement.sql).catch((error: unknown) => {
      throw this.reasonOf(error, (position) =>
        position === undefined
          ? `in the statement at line ${statement.line}`
          : `at line ${lineAt(statement, position)}`,
      );
    });
  }

  /** Where deferred constraints are looked at. */
  private async commit(): Promise<void> {
    await this.session.query('commit').catch((error: unknown) => {
      throw this.reasonOf(error, () => 'when it was committed');
    });
  }

  /** What can be tried again as it is, and else the failure of the file. */
  private reasonOf(error: unknown, where: (position: number | undefined) => string): BlotterError {
    const reason = translateError(error);
    if (reason instanceof ConnectionError || isInTheWay(reason)) return reason;
    return this.failed(where(faultOf(reason)?.position), reason);
  }

  /** A build that was broken off leaves an invalid index, which "if not exists" would take for one that is there. */
  private async sendOnce(statement: Statement): Promise<void> {
    try {
      await this.send(statement);
    } catch (error) {
      const reason = translateError(error);
      throw isInTheWay(reason) ? this.blocked(reason) : reason;
    }
  }

  private failed(where: string, cause: BlotterError): MigrationError {
    const fault = faultOf(cause);
    const who = fault?.sqlState === '42501' ? `, which the role ${this.config.settings.user} may not do` : '';
    const said = `${fault?.message ?? cause.code}${who}`;
    const left = this.script.isTransactional
      ? 'Nothing of it is left. Correct it and run it again.'
      : 'What its earlier statements did is still there. Correct it, or what stood in its way, and run repair.';
    return new MigrationError(
      'MIGRATION_FAILED',
      this.version,
      `Migration ${this.version} failed ${where}: ${said}. ${left}`,
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

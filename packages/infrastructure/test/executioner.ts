import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, inject } from 'vitest';
import { Session } from '../src/database/session.js';
import type { MigrationStage } from './migration-stage.js';

const RUNNER = fileURLToPath(new URL('migration-runner.ts', import.meta.url));

/** What a file waits for in its middle, until the test lets go of it. */
export const GATE = 'select pg_advisory_xact_lock(42);';

/** The same in a block of plpgsql. */
export const GATE_IN_BLOCK = 'perform pg_advisory_xact_lock(42);';

/** Kills runners (SIGKILL) while they wait for what it holds. */
export class Executioner implements AsyncDisposable {
  static async of(stage: MigrationStage): Promise<Executioner> {
    return new Executioner(stage, await Session.connect(stage.storage.config));
  }

  private constructor(
    private readonly stage: MigrationStage,
    private readonly gate: Session,
  ) {}

  /** Kills a runner of this command where its file has the gate. */
  killAtGate(command: string, version = ''): Promise<void> {
    return this.kill('select pg_advisory_lock(42)', 'select pg_advisory_unlock(42)', [command, version]);
  }

  /** Kills a runner that waits for a transaction, in which this was done and which is rolled back afterwards. */
  killBehind(statement: string, command: string, version = ''): Promise<void> {
    return this.kill(`begin; ${statement}`, 'rollback', [command, version]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gate.close();
  }

  private async kill(close: string, open: string, parameters: readonly string[]): Promise<void> {
    await this.gate.query(close);
    const url = new URL(inject('serverUrl'));
    url.pathname = `/${this.stage.storage.config.settings.name}`;
    const program = ['--conditions=@blotter/source', '--import', 'tsx', RUNNER, url.href, this.stage.folder];
    const runner = spawn(process.execPath, [...program, ...parameters], { stdio: 'inherit' });
    const ended = new Promise((resolve) =>
      runner.on('exit', (code, signal) => {
        resolve(signal ?? code);
      }),
    );
    const waiting = `select pid::text from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    const held = await Promise.race([
      ended.then(() => undefined),
      until(
        () => this.stage.query<{ pid: string }>(waiting),
        (rows) => rows.length > 0,
      ),
    ]);
    expect(held, 'the runner has not come to the gate').toHaveLength(1);
    runner.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    // It is noticed although the server's process does nothing but wait.
    await until(
      () => this.stage.query('select 1 from pg_stat_activity where pid = $1', [held?.[0]?.pid ?? '']),
      (rows) => rows.length === 0,
    );
    await this.gate.query(open);
  }
}

async function until<Result>(look: () => Promise<Result>, isSo: (result: Result) => boolean): Promise<Result> {
  for (;;) {
    const result = await look();
    if (isSo(result)) return result;
    await sleep(20);
  }
}

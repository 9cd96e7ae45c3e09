import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseConfig, Migrator } from '@blotter/infrastructure';
import postgres from 'postgres';
import type { Address } from '../network/tcp-proxy.js';
import type { DebianPostgres } from './debian-postgres.js';
import { Postmaster } from './postmaster.js';

const DATABASE = 'book';
const USER = 'blotter';
const STANDBY_NAME = 'standby';

interface Node {
  readonly cluster: string;
  readonly port: number;
}

/** A primary that answers no COMMIT before its standby has it on disk, and that standby. */
export class StandbyPair {
  static async start(programs: DebianPostgres): Promise<StandbyPair> {
    const folder = mkdtempSync('/var/tmp/blotter-faults-');
    const pair = new StandbyPair(
      programs,
      folder,
      { cluster: join(folder, 'primary'), port: await freePort() },
      { cluster: join(folder, 'standby'), port: await freePort() },
    );
    try {
      await pair.setUp();
      return pair;
    } catch (error) {
      await pair.stop();
      throw error;
    }
  }

  private readonly password = randomBytes(12).toString('hex');
  private readonly started = new Set<Node>();

  private constructor(
    private readonly programs: DebianPostgres,
    private readonly folder: string,
    private readonly primary: Node,
    private readonly standby: Node,
  ) {}

  get primaryAddress(): Address {
    return { host: '127.0.0.1', port: this.primary.port };
  }

  get standbyAddress(): Address {
    return { host: '127.0.0.1', port: this.standby.port };
  }

  get primaryUrl(): string {
    return this.urlOf(this.primary, DATABASE);
  }

  /** For clients that look for the server that may be written. */
  get bothUrl(): string {
    const both = `127.0.0.1:${this.primary.port},127.0.0.1:${this.standby.port}`;
    return `postgresql://${USER}:${this.password}@${both}/${DATABASE}?target_session_attrs=read-write`;
  }

  get standbyUrl(): string {
    return this.urlOf(this.standby, DATABASE);
  }

  /** Kills the primary and all its processes, and makes the standby the new one. It takes writes when this returns. */
  async failOver(): Promise<void> {
    await new Postmaster(this.primary.cluster).kill();
    this.started.delete(this.primary);
    await this.programs.run('pg_ctl', ['promote', '--wait', '--pgdata', this.standby.cluster]);
  }

  async stop(): Promise<void> {
    for (const node of this.started) {
      await this.programs.run('pg_ctl', ['stop', '--wait', '--mode', 'immediate', '--pgdata', node.cluster]);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async setUp(): Promise<void> {
    const { account } = this.programs;
    const passwordFile = join(this.folder, 'password');
    writeFileSync(passwordFile, `${this.password}\n`, { mode: 0o600 });
    if (account) for (const path of [this.folder, passwordFile]) chownSync(path, account.uid, account.gid);
    const cluster = ['--username', USER, '--pwfile', passwordFile, '--auth', 'scram-sha-256', '--encoding', 'UTF8'];
    await this.programs.run('initdb', ['--pgdata', this.primary.cluster, ...cluster, '--locale', 'C']);
    await this.startNode(this.primary);
    await this.administer(this.primary, `create database ${DATABASE}`);
    await new Migrator(DatabaseConfig.fromUrl(this.primaryUrl)).up();
    const from = `host=127.0.0.1 port=${this.primary.port} user=${USER} password=${this.password} application_name=${STANDBY_NAME}`;
    const copy = ['--pgdata', this.standby.cluster, '--write-recovery-conf', '--checkpoint', 'fast', '--dbname', from];
    await this.programs.run('pg_basebackup', copy);
    await this.startNode(this.standby);
    // On the primary alone, and after the copy: the promoted standby has nobody to wait for.
    await this.administer(this.primary, `alter system set synchronous_standby_names = '${STANDBY_NAME}'`);
    await this.administer(this.primary, 'select pg_reload_conf()');
    await this.untilSynchronous();
  }

  private async startNode(node: Node): Promise<void> {
    const options = `-p ${node.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200`;
    const log = join(this.folder, `${node.port}.log`);
    await this.programs.run('pg_ctl', [
      'start',
      '--wait',
      '--pgdata',
      node.cluster,
      '--log',
      log,
      '--options',
      options,
    ]);
    this.started.add(node);
  }

  private async untilSynchronous(): Promise<void> {
    for (let attempt = 0; attempt < 600; attempt += 1) {
      const rows = await this.administer(this.primary, `select from pg_stat_replication where sync_state = 'sync'`);
      if (rows.length > 0) return;
      await delay(50);
    }
    throw new Error('The standby does not become synchronous.');
  }

  private async administer(node: Node, statement: string): Promise<readonly object[]> {
    const sql = postgres(this.urlOf(node, 'postgres'), { max: 1, onnotice: () => undefined });
    try {
      return await sql.unsafe(statement);
    } finally {
      await sql.end();
    }
  }

  private urlOf({ port }: Node, database: string): string {
    return `postgresql://${USER}:${this.password}@127.0.0.1:${port}/${database}`;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

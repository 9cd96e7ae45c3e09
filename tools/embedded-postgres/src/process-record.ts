import { readFileSync, readlinkSync } from 'node:fs';
import { findProcess } from './process-table.js';

/** One process, so that it is not mistaken for a later one with the same id. */
export interface ProcessRecord {
  readonly pid: number;
  readonly started: string;
  /** Process ids and start times begin anew with each boot. */
  readonly boot: string;
  /** Containers number their processes on their own: an id from another one says nothing here. */
  readonly namespace: string;
}

/** The process that runs this code, as others will look for it. */
export function thisProcess(): ProcessRecord {
  return {
    pid: process.pid,
    started: findProcess(process.pid)?.started ?? '',
    boot: read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: read(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** 'unknown' is a process of another container on this machine, which cannot be seen from here. */
export function livenessOf(record: ProcessRecord): 'alive' | 'dead' | 'unknown' {
  const here = thisProcess();
  if (record.boot !== here.boot) return 'dead';
  if (record.namespace !== here.namespace) return 'unknown';
  const found = findProcess(record.pid);
  if (found === undefined) return 'dead';
  const same = found.started === undefined || record.started === '' || found.started === record.started;
  return same ? 'alive' : 'dead';
}

/** Reads back what was written as JSON; undefined when it is not such a record. */
export function parseProcessRecord(json: string): ProcessRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, started, boot, namespace } = value as Record<string, unknown>;
  return typeof pid === 'number' &&
    typeof started === 'string' &&
    typeof boot === 'string' &&
    typeof namespace === 'string'
    ? { pid, started, boot, namespace }
    : undefined;
}

function read(source: () => string): string {
  try {
    return source();
  } catch {
    return ''; // not Linux: boot and namespace then say nothing, and the start time, which is a date there, does
  }
}

import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import type { DataFolder } from './data-folder.js';

/** Begins a new log and keeps the one before, so that it neither grows for ever nor is gone when one needs it. */
export function rotateLog(folder: DataFolder): void {
  if (existsSync(folder.logFile)) renameSync(folder.logFile, folder.previousLogFile);
}

export function logSize(folder: DataFolder): number {
  return statSync(folder.logFile, { throwIfNoEntry: false })?.size ?? 0;
}

/** What the server has written since the log had that size. */
export function logSince(folder: DataFolder, size: number): string {
  try {
    return readFileSync(folder.logFile).subarray(size).toString('utf8').trim();
  } catch {
    return '';
  }
}

export function lastLines(text: string, count = 12): string {
  return text.split('\n').slice(-count).join('\n');
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { livenessOf, parseProcessRecord, thisProcess } from './process-record.js';

describe('a process record', () => {
  it('is alive while its process is', () => {
    expect(livenessOf(thisProcess())).toBe('alive');
  });

  it('is dead once its process has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const { pid = 0 } = child;
    await once(child, 'exit');
    expect(livenessOf({ ...thisProcess(), pid })).toBe('dead');
  });

  it.skipIf(process.platform === 'win32')('is dead when another process has its pid by now', () => {
    expect(livenessOf({ ...thisProcess(), started: 'at another time' })).toBe('dead');
  });

  it('is dead after a reboot, whatever runs under its pid', () => {
    expect(livenessOf({ ...thisProcess(), boot: 'an earlier one' })).toBe('dead');
  });

  it('is unknown when it was written in another container', () => {
    expect(livenessOf({ ...thisProcess(), namespace: 'pid:[1]' })).toBe('unknown');
  });

  it('reads back what was written, and nothing else', () => {
    const record = thisProcess();
    expect(parseProcessRecord(JSON.stringify(record))).toEqual(record);
    expect(parseProcessRecord('{"pid":1}')).toBeUndefined();
    expect(parseProcessRecord('{"pid"')).toBeUndefined();
    expect(parseProcessRecord('null')).toBeUndefined();
  });
});

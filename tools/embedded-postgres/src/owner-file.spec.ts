import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolderAt, type DataFolder } from './data-folder.js';
import { claimDataFolder, readOwner, releaseDataFolder } from './owner-file.js';
import { thisProcess, type ProcessRecord } from './process-record.js';

let folder: DataFolder;
beforeEach(() => {
  folder = dataFolderAt(mkdtempSync(join(tmpdir(), 'owner-file-')));
});
afterEach(() => {
  rmSync(folder.path, { recursive: true });
});

function leaveOwner(change: Partial<ProcessRecord>): void {
  writeFileSync(folder.ownerFile, JSON.stringify({ ...thisProcess(), ...change }));
}

describe('the owner of a data folder', () => {
  it('is this process once it has claimed it, and nobody after the release', () => {
    expect(claimDataFolder(folder)).toEqual({ ownerDied: false });
    expect(readOwner(folder)).toEqual(thisProcess());
    releaseDataFolder(folder);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('keeps others out while it lives, and the error says who it is and what to do', () => {
    claimDataFolder(folder);
    expect(() => claimDataFolder(folder)).toThrow(expect.objectContaining({ code: 'IN_USE' }));
    expect(() => claimDataFolder(folder)).toThrow(new RegExp(`pid ${process.pid}.*Stop that one first`));
    expect(readdirSync(folder.path)).toEqual(['owner.json']);
  });

  it('is replaced when it has died', () => {
    leaveOwner({ boot: 'an earlier one' });
    expect(claimDataFolder(folder)).toEqual({ ownerDied: true });
    expect(readOwner(folder)).toEqual(thisProcess());
    expect(readdirSync(folder.path)).toEqual(['owner.json']);
  });

  it('is replaced when its record is broken', () => {
    writeFileSync(folder.ownerFile, '{"pi');
    expect(claimDataFolder(folder)).toEqual({ ownerDied: true });
  });

  it('is left alone when it cannot be seen from this container, and the error names the file to delete', () => {
    leaveOwner({ namespace: 'pid:[1]' });
    expect(() => claimDataFolder(folder)).toThrow(expect.objectContaining({ code: 'IN_USE' }));
    expect(() => claimDataFolder(folder)).toThrow(folder.ownerFile);
  });
});

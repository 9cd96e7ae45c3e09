import { execFileSync } from 'node:child_process';
import { chownSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MEGABYTES = 96;
const PIECE = Buffer.alloc(64 * 1_024);

/** A file system of its own in memory, which can be filled to its last byte. */
export class SmallDisk {
  /** @param owner a path whose owner is to own the disk's folder. @returns undefined where this process may not mount */
  static mount(owner: string): SmallDisk | undefined {
    const path = mkdtempSync('/var/tmp/blotter-faults-disk-');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m,mode=755`, 'tmpfs', path], { stdio: 'ignore' });
    } catch {
      rmSync(path, { recursive: true });
      return undefined;
    }
    const disk = new SmallDisk(path);
    const { uid, gid } = statSync(owner);
    mkdirSync(disk.folder, { mode: 0o700 });
    chownSync(disk.folder, uid, gid);
    return disk;
  }

  private constructor(private readonly path: string) {}

  /** For a tablespace. */
  get folder(): string {
    return join(this.path, 'tablespace');
  }

  /** Takes all the space that is left. */
  fill(): void {
    const file = openSync(this.filler, 'a');
    try {
      for (let size = PIECE.length; size >= 1;) {
        try {
          writeSync(file, PIECE, 0, size);
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
          size = Math.floor(size / 2);
        }
      }
    } finally {
      closeSync(file);
    }
  }

  /** Gives back what was taken. */
  makeSpace(): void {
    rmSync(this.filler, { force: true });
  }

  /** Nothing may use it any more. */
  unmount(): void {
    execFileSync('umount', [this.path], { stdio: 'ignore' });
    rmSync(this.path, { recursive: true });
  }

  private get filler(): string {
    return join(this.path, 'filler');
  }
}

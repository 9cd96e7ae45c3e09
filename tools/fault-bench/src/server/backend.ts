/** A process of the server behind one connection, that can be paused: it keeps its locks and says nothing. */
export class PausedBackend {
  private paused = true;

  /** @param pid as the server itself said it when the connection was opened */
  static pause(pid: number): PausedBackend {
    process.kill(pid, 'SIGSTOP');
    return new PausedBackend(pid);
  }

  private constructor(private readonly pid: number) {}

  /** Lets it go on. It may be called again, and after the process has ended. */
  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    try {
      process.kill(this.pid, 'SIGCONT');
    } catch {
      // It has ended.
    }
  }
}

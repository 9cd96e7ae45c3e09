import { constants } from 'node:os';

/** Why a session is to end before its end. */
export type StopReason = 'SIGINT' | 'SIGTERM' | 'SIGPIPE';

/** One Ctrl-C reaches the process up to three times: from the terminal, and passed on by npm and by the shell under it. */
const ECHO_MS = 500;

/** The first Ctrl-C asks for an end in order, the second one ends at once. */
export class Interruption {
  private readonly controller = new AbortController();
  private first: { readonly reason: StopReason; readonly at: number } | undefined;

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The exit code that shells know for the reason: 128 and the signal's number. */
  exitCode(): number | undefined {
    return this.first && codeOf(this.first.reason);
  }

  listen(): void {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        this.stop(name);
      });
    }
  }

  /** @param exit what ends the process at once */
  stop(reason: StopReason, now = performance.now(), exit: (code: number) => void = process.exit.bind(process)): void {
    if (this.first === undefined) {
      this.first = { reason, at: now };
      this.controller.abort();
    } else if (reason !== 'SIGPIPE' && now - this.first.at > ECHO_MS) {
      exit(codeOf(reason));
    }
  }
}

function codeOf(reason: StopReason): number {
  return 128 + constants.signals[reason];
}

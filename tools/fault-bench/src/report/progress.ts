import type { WriteStream } from 'node:tty';

/** One line that is written over, in a terminal; elsewhere nothing. */
export class Progress {
  constructor(private readonly stream: WriteStream) {}

  show(text: string): void {
    if (!this.stream.isTTY) return;
    this.stream.cursorTo(0);
    this.stream.write(text.slice(0, this.stream.columns - 1));
    this.stream.clearLine(1);
  }

  clear(): void {
    if (!this.stream.isTTY) return;
    this.stream.cursorTo(0);
    this.stream.clearLine(1);
  }
}

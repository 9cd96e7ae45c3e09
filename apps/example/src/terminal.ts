/** Where the app writes its lines. A reader who leaves (`npm start | head`) is no error: what follows is not written. */
export class Terminal {
  private isOpen = true;

  /** @param onGone called when the reader has left */
  constructor(
    private readonly stream: NodeJS.WriteStream,
    onGone: () => void,
  ) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.isOpen = false;
      onGone();
    });
  }

  line(text = ''): void {
    if (this.isOpen) this.stream.write(`${text}\n`);
  }
}

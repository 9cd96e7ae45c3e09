import { SingleBar } from 'cli-progress';

/** How far the session is. */
interface Progress {
  readonly advance: () => void;
  readonly end: () => void;
}

/** A bar where somebody watches; nothing elsewhere, nor where log lines come on the same stream and would tear it. */
export function showProgress(days: number, stream: NodeJS.WriteStream, isAlone: boolean): Progress {
  if (!stream.isTTY || !isAlone) return { advance: () => undefined, end: () => undefined };
  const bar = new SingleBar({
    stream,
    format: 'Trading  {bar}  {value} of {total} days  {eta_formatted} to go',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    // Days differ much in what happens on them: the time to go is taken from many.
    etaBuffer: 500,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
  });
  bar.start(days, 0);
  return {
    advance: () => {
      bar.increment();
    },
    end: () => {
      bar.stop();
    },
  };
}

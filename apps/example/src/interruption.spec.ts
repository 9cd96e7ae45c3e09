import { describe, expect, it } from 'vitest';
import { Interruption, type StopReason } from './interruption.js';

/** What comes of these signals at these milliseconds. */
function after(...signals: readonly (readonly [StopReason, number])[]) {
  const interruption = new Interruption();
  const exits: number[] = [];
  for (const [reason, at] of signals) interruption.stop(reason, at, (code) => exits.push(code));
  return { isAsked: interruption.signal.aborted, exitCode: interruption.exitCode(), exits };
}

describe('an interruption', () => {
  it('asks for an end in order, with the exit code of its signal', () => {
    expect(after(['SIGINT', 0])).toEqual({ isAsked: true, exitCode: 130, exits: [] });
    expect(after(['SIGTERM', 0])).toEqual({ isAsked: true, exitCode: 143, exits: [] });
  });

  it('is one when npm and the shell pass the same Ctrl-C on', () => {
    expect(after(['SIGINT', 0], ['SIGINT', 3], ['SIGINT', 40]).exits).toEqual([]);
  });

  it('ends at once when it comes again', () => {
    expect(after(['SIGINT', 0], ['SIGINT', 900]).exits).toEqual([130]);
  });

  it('by a reader who left never ends at once', () => {
    expect(after(['SIGINT', 0], ['SIGPIPE', 900]).exits).toEqual([]);
  });

  it('has not happened before any signal', () => {
    expect(after()).toEqual({ isAsked: false, exitCode: undefined, exits: [] });
  });
});

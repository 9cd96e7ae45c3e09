import { describe, expect, it } from 'vitest';
import { ContestantProcess } from './contestant-process.js';

const OPTIONS = { url: 'postgres://nowhere', sessions: 1 };

/** A process that is ready, and does this with the first that it is asked for. */
const thatIsReadyAnd = (does: string) => ({
  command: process.execPath,
  args: ['-e', `console.log('{"importMs":1}'); process.stdin.once('data', () => { ${does} });`],
});

describe('A contestant in a process of its own', () => {
  it('fails what it is asked for once it has died, and takes nobody with it', async () => {
    const contestant = await ContestantProcess.start(thatIsReadyAnd('process.exit(3)'));
    expect(contestant.importMs).toBe(1);
    await expect(contestant.open('book', OPTIONS)).rejects.toThrow('The process has ended.');
    await expect(contestant.open('book', OPTIONS)).rejects.toThrow('The process has ended.');
    await contestant.stop();
  });

  it('is ended when it does not answer', async () => {
    const contestant = await ContestantProcess.start(thatIsReadyAnd(''), 2_000);
    await expect(contestant.open('book', OPTIONS)).rejects.toThrow('It did not answer, and was ended.');
    await contestant.stop();
  });

  it('does not start when there is no such program, or when it ends before it is ready', async () => {
    await expect(ContestantProcess.start({ command: '/nowhere/contestant', args: [] })).rejects.toThrow('ENOENT');
    await expect(ContestantProcess.start({ command: process.execPath, args: ['-e', ''] })).rejects.toThrow(
      'The process has ended.',
    );
  });
});

import { AmbiguousCommitError } from '@blotter/application';
import { describe, expect, it } from 'vitest';
import { untilKnown } from './until-known.js';

/** A command that fails with these errors, one after the other, before it succeeds. */
function failingWith(...errors: readonly Error[]) {
  const rest = [...errors];
  return () => {
    const error = rest.shift();
    return error ? Promise.reject(error) : Promise.resolve('done');
  };
}

describe('a command whose outcome nobody knows', () => {
  it('is sent again until somebody knows', async () => {
    expect(await untilKnown(failingWith(new AmbiguousCommitError(), new AmbiguousCommitError()))).toBe('done');
  });

  it('is given up after five attempts', async () => {
    const errors = Array.from({ length: 5 }, () => new AmbiguousCommitError());
    await expect(untilKnown(failingWith(...errors))).rejects.toBe(errors[4]);
  });

  it('is not sent again when it is known to have failed', async () => {
    const failure = new Error('refused');
    await expect(untilKnown(failingWith(failure))).rejects.toBe(failure);
  });
});

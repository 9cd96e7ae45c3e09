import { ValidationError } from '../errors.js';

/** Checks an entity's version: 0 before it was ever stored, then 1, 2, 3 … @throws ValidationError INVALID_VERSION */
export function checkedVersion(version: number): number {
  if (!Number.isSafeInteger(version) || version < 0) {
    throw new ValidationError('INVALID_VERSION', 'A version is a whole number from 0.');
  }
  return version;
}

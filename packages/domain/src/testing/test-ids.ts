/**
 * A UUID (version 7 in form) for a number: the same number always gives the same id, and a larger number a later one.
 * `kind` keeps the ids of different things apart: 0 to 0xfff.
 */
export function testUuid(number: number, kind = 0): string {
  const digits = number.toString(16).padStart(12, '0');
  return `01900000-0000-7${kind.toString(16).padStart(3, '0')}-8000-${digits}`;
}

let last = 0;

/** A UUID that no other call in this process was given. */
export function anyUuid(): string {
  last += 1;
  return testUuid(last, 0xfff);
}

import { inspect } from 'node:util';

/**
 * Whatever a log, a debugger or an error report could show of a value: its text, its JSON, its inspection with everything
 * hidden, the stack and the causes of an error, and the texts and bytes of all fields that can be reached.
 */
export function everythingSaidBy(value: unknown): string {
  const whole = { depth: Infinity, showHidden: true, maxArrayLength: null, maxStringLength: null };
  return [String(value), jsonOf(value), inspect(value, whole), ...textsWithin(value, new Set())].join('\n');
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // It refers to itself.
    return '';
  }
}

/** Fields that are not enumerable, symbols, entries of maps and sets, and bytes, which `inspect` shows in part and as numbers. */
function textsWithin(value: unknown, seen: Set<object>): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'bigint') return [value.toString()];
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return [];
  seen.add(value);
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('latin1')];
  const fields = Reflect.ownKeys(value).map((key) => Object.getOwnPropertyDescriptor(value, key)?.value as unknown);
  const entries: unknown[] = value instanceof Map || value instanceof Set ? Array.from<unknown>(value) : [];
  return [...fields, ...entries].flatMap((field) => textsWithin(field, seen));
}

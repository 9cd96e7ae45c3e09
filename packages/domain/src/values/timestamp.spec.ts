import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timestamp } from './timestamp.js';

const invalid: unknown = expect.objectContaining({ code: 'INVALID_TIMESTAMP' });
const moment = fc.date({
  min: new Date('0001-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

describe('a timestamp', () => {
  it.each([
    ['2026-01-05T14:30:00.123456Z', '2026-01-05T14:30:00.123456Z'],
    ['2026-01-05T14:30:00Z', '2026-01-05T14:30:00.000000Z'],
    ['2026-01-05T14:30:00.123Z', '2026-01-05T14:30:00.123000Z'],
    ['2026-01-05T14:30:00.5Z', '2026-01-05T14:30:00.500000Z'],
    ['2026-01-05T14:30:00.000001Z', '2026-01-05T14:30:00.000001Z'],
    ['2026-01-05', '2026-01-05T00:00:00.000000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000000Z'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
  ])('reads %s', (text, expected) => {
    expect(Timestamp.of(text)).toBe(expected);
  });

  it.each([
    ['2026-01-05T14:30:00.123456+02:00', '2026-01-05T12:30:00.123456Z'],
    ['2026-01-05T14:30:00-05:30', '2026-01-05T20:00:00.000000Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00.000000Z'],
    ['2026-01-05T14:30:00+00:00', '2026-01-05T14:30:00.000000Z'],
  ])('takes the offset off %s', (text, expected) => {
    expect(Timestamp.of(text)).toBe(expected);
  });

  it('reads zeros beyond the sixth decimal, for they change nothing', () => {
    expect(Timestamp.of('2026-01-05T14:30:00.123456000Z')).toBe('2026-01-05T14:30:00.123456Z');
  });

  it.each([
    ['a day that does not exist', '2026-02-30'],
    ['a leap day of a common year', '2026-02-29T12:00:00Z'],
    ['a month that does not exist', '2026-13-01'],
    ['an hour that does not exist', '2026-01-05T25:00:00Z'],
    ['the hour 24', '2026-01-05T24:00:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['a seventh decimal', '2026-01-05T14:30:00.1234567Z'],
    ['a time without an offset', '2026-01-05T14:30:00'],
    ['a time with milliseconds and without an offset', '2026-01-05T14:30:00.123'],
    ['a day with milliseconds that does not exist', '2026-02-30T14:30:00.123Z'],
    ['an offset of a day', '2026-01-05T14:30:00+24:00'],
    ['an offset of 99 minutes', '2026-01-05T14:30:00+01:99'],
    ['a space for the T', '2026-01-05 14:30:00Z'],
    ['the year 0', '0000-12-31'],
    ['a year that an offset makes 0', '0001-01-01T00:00:00+01:00'],
    ['a year that an offset makes 10000', '9999-12-31T23:59:59-01:00'],
    ['a year of five digits', '10000-01-01'],
    ['blanks around it', ' 2026-01-05'],
    ['a line break behind it', '2026-01-05\n'],
    ['no text', ''],
    ['other text', 'yesterday'],
  ])('refuses %s', (_case, text) => {
    expect(() => Timestamp.of(text)).toThrow(invalid);
  });

  it.each([new Date(Number.NaN), new Date(8.64e15), 0, undefined, null])('refuses %s for a Date', (input) => {
    expect(() => Timestamp.of(input as Date)).toThrow(invalid);
  });

  it('reads a Date and gives it back', () => {
    fc.assert(
      fc.property(moment, (date) => {
        expect(Timestamp.toDate(Timestamp.of(date)).getTime()).toBe(date.getTime());
      }),
    );
  });

  it('cuts the microseconds off a Date, before 1970 too', () => {
    expect(Timestamp.toDate(Timestamp.of('1969-12-31T23:59:59.123999Z')).toISOString()).toBe(
      '1969-12-31T23:59:59.123Z',
    );
  });

  it('reads what it wrote as the same', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 0, max: 999 }), (date, micros) => {
        const text = `${date.toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}Z`;
        expect(Timestamp.of(text)).toBe(text);
      }),
    );
  });

  it('is ordered as text as it is in time', () => {
    const micros = fc.integer({ min: 0, max: 999 });
    const near = fc.oneof(moment, fc.constant(new Date('2026-01-05T14:30:00.000Z')));
    fc.assert(
      fc.property(near, micros, near, micros, (a, aMicros, b, bMicros) => {
        const text = (date: Date, rest: number) =>
          Timestamp.of(`${date.toISOString().slice(0, 23)}${String(rest).padStart(3, '0')}Z`);
        const count = (date: Date, rest: number) => BigInt(date.getTime()) * 1000n + BigInt(rest);
        expect(text(a, aMicros) < text(b, bMicros)).toBe(count(a, aMicros) < count(b, bMicros));
        expect(text(a, aMicros) === text(b, bMicros)).toBe(count(a, aMicros) === count(b, bMicros));
      }),
    );
  });
});

import * as application from '@blotter/application';
import * as domain from '@blotter/domain';
import { BlotterError } from '@blotter/domain';
import { anyPortfolio } from '@blotter/domain/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMAND_FAILURES } from '../test/command-failures.js';
import { CONNECTION_FAILURES } from '../test/connection-failures.js';
import { reasonOf } from '../test/reason-of.js';
import { openTestBook, type TestBook } from '../test/test-book.js';

const FAILURES = [...COMMAND_FAILURES, ...CONNECTION_FAILURES];

let book: TestBook;

beforeAll(async () => {
  book = await openTestBook();
});
afterAll(() => book.drop());

describe('each kind of failure is an error of its own', () => {
  test.each(FAILURES)('$error when $when', async ({ error, entity, fails }) => {
    const reason = await reasonOf(fails(book));
    if (!(reason instanceof BlotterError)) throw new Error('A BlotterError was expected.', { cause: reason });
    expect(`${reason.name} ${reason.code}`).toBe(error);
    expect(reason.entity).toBe(entity);
    if (entity !== undefined) expect(reason.id).toMatch(/^[0-9a-f-]{36}$/);
    // Sentences for people, without the SQL and its parameters.
    expect(reason.message).toMatch(/^[A-Z].*\.$/);
    expect(reason.message).not.toMatch(/\$\d|\b(select|insert|update|delete) /);
  });

  test('and every error that the packages export is among these', () => {
    const exported = Object.entries<unknown>({ ...domain, ...application })
      .filter(([, value]) => typeof value === 'function' && value.prototype instanceof BlotterError)
      .map(([name]) => name);
    expect(exported.sort()).toEqual([...new Set(FAILURES.map(({ error }) => error.split(' ')[0]))].sort());
  });
});

test('there is no "already active": each begin makes a unit of its own, and two of them do not see each other', async () => {
  await using first = book.database.begin();
  await using second = book.database.begin();
  const portfolio = first.portfolios.save(anyPortfolio());
  await first.flush();
  expect(await second.portfolios.find(portfolio.id)).toBeUndefined();
  expect([first.isActive, second.isActive]).toEqual([true, true]);
});

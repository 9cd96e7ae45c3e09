import { metrics, trace } from '@opentelemetry/api';
import { anyNewOrder, anyNewPortfolio, anyReportOf } from '@blotter/domain/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';
import { installedMeter, installedTracer, Operations } from './operations.js';

let book: TestBook;

beforeAll(async () => {
  book = await openTestBook();
});
afterAll(() => book.drop());

test('without an SDK there is no tracer, no meter and nothing that would ask for a span', () => {
  expect([installedTracer(), installedMeter(), Operations.installed(book.storage.config)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('without an SDK no command, statement or read asks the API for anything', async () => {
  // What the API hands out without an SDK: were it used, its methods would be called.
  const tracer = Object.getPrototypeOf(trace.getTracer('any')) as { startSpan: () => unknown };
  const histogram = Object.getPrototypeOf(metrics.getMeter('any').createHistogram('any')) as { record: () => unknown };
  const asked = [vi.spyOn(tracer, 'startSpan'), vi.spyOn(histogram, 'record')];
  const portfolio = await book.blotter.openPortfolio(anyNewPortfolio());
  const order = await book.blotter.placeOrder(anyNewOrder({ portfolioId: portfolio.id }));
  await book.blotter.recordExecution(anyReportOf(order));
  await book.database.read.orders.get(order.id);
  await book.database.query('select 1');
  expect(asked.flatMap(({ mock }) => mock.calls)).toEqual([]);
  // The spies see what is asked.
  trace.getTracer('any').startSpan('any');
  expect(asked[0]?.mock.calls).toHaveLength(1);
});

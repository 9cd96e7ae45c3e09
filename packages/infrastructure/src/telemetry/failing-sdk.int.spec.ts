import { context, metrics, trace } from '@opentelemetry/api';
import { anyNewPortfolio } from '@blotter/domain/testing';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';

/** What of the program's SDK throws now. */
let failing: 'onStart' | 'onEnd' | 'record' | undefined;
let failures = 0;
const failIn = (part: typeof failing) => {
  if (part !== failing) return;
  failures += 1;
  throw new Error('The disk is full.');
};

const processor: SpanProcessor = {
  onStart: () => {
    failIn('onStart');
  },
  onEnd: () => {
    failIn('onEnd');
  },
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

let book: TestBook;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [processor] }));
  const meters = new MeterProvider();
  metrics.setGlobalMeterProvider(meters);
  const histogram = Object.getPrototypeOf(meters.getMeter('any').createHistogram('any')) as { record: () => void };
  vi.spyOn(histogram, 'record').mockImplementation(() => {
    failIn('record');
  });
  book = await openTestBook({ minPoolSize: 2, maxPoolSize: 2, acquireTimeoutMs: 5_000 });
});
beforeEach(() => {
  failing = undefined;
  failures = 0;
});
afterAll(async () => {
  failing = undefined;
  await book.drop();
});

test.each(['onStart', 'onEnd', 'record'] as const)(
  'an SDK that throws in %s changes no result, no error, and keeps no session',
  async (part) => {
    failing = part;
    // More of each than there are sessions.
    for (let round = 0; round < 3; round += 1) {
      const portfolio = await book.blotter.openPortfolio(anyNewPortfolio());
      expect(await book.database.read.portfolios.get(portfolio.id)).toEqual(portfolio);
      expect(await book.database.query('select 1 as one')).toEqual([{ one: 1 }]);
      const refused = book.blotter.transactions.execute(async (unit) => {
        await unit.sql('select 1 / $1::int', ['0']);
      });
      await expect(refused).rejects.toThrow('SQLSTATE 22012');
    }
    let runs = 0;
    const repeated = book.blotter.transactions.executeWithRetry(
      async (unit) => {
        runs += 1;
        if (runs === 1) await unit.sql(`do $$ begin raise exception using errcode = '40001'; end $$`);
        return runs;
      },
      { initialDelayMs: 1 },
    );
    expect(await repeated).toBe(2);
    expect(failures).toBeGreaterThan(0);
    expect(book.database.statistics().sessions.inUse).toBe(0);
  },
);

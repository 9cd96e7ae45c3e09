import { setImmediate } from 'node:timers/promises';
import { Blotter } from '@blotter/application';
import { Order, type Portfolio } from '@blotter/domain';
import { anyNewOrder, anyNewPortfolio, anyReportOf } from '@blotter/domain/testing';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestBook, type TestBook } from '../../test/test-book.js';
import { reasonOf } from '../../test/reason-of.js';
import { startTcpProxy } from '../../test/tcp-proxy.js';
import { installTelemetrySdk } from '../../test/telemetry-sdk.js';
import { Database } from '../database/database.js';

const sdk = installTelemetrySdk();
const tracer = trace.getTracer('the program');
let book: TestBook;
let portfolio: Portfolio;
let order: Order;

beforeAll(async () => {
  book = await openTestBook();
  portfolio = await book.blotter.openPortfolio(anyNewPortfolio());
});
beforeEach(async () => {
  order = await book.blotter.placeOrder(anyNewOrder({ portfolioId: portfolio.id }));
  sdk.forgetSpans();
});
afterAll(() => book.drop());

const names = (spans: readonly ReadableSpan[]) => spans.map(({ name }) => name);
const only = (name: string) => {
  const found = sdk.spans().filter((span) => span.name === name);
  expect(found).toHaveLength(1);
  return found[0];
};

describe('a command', () => {
  it('is a span under that of the program, over its transaction, over its statements', async () => {
    await tracer.startActiveSpan('decide', async (span) => {
      await book.blotter.recordExecution(anyReportOf(order));
      span.end();
    });
    const command = only('record execution');
    const transaction = only('TRANSACTION record execution');
    expect(names(sdk.under(only('decide')))).toEqual(['record execution']);
    expect(names(sdk.under(command))).toEqual(['TRANSACTION record execution']);
    expect(names(sdk.under(transaction))).toEqual(['fill basis', 'portfolio order position execution write']);
    expect([command?.kind, transaction?.kind]).toEqual([SpanKind.INTERNAL, SpanKind.CLIENT]);
    expect(command?.attributes).toEqual({ 'blotter.attempts': 1 });
  });

  it('has the attributes of the conventions on its transaction and its statements, and no others', async () => {
    await book.blotter.recordExecution(anyReportOf(order));
    const { host, port, name } = book.storage.config.settings;
    const common = {
      'db.system.name': 'postgresql',
      'db.namespace': name,
      'server.address': host,
      'server.port': port,
    };
    expect(only('TRANSACTION record execution')?.attributes).toEqual({
      ...common,
      'db.operation.name': 'TRANSACTION',
      'db.query.summary': 'TRANSACTION record execution',
      'blotter.transaction.outcome': 'committed',
    });
    expect(only('fill basis')?.attributes).toEqual({
      ...common,
      'db.operation.name': 'SELECT',
      'db.query.summary': 'fill basis',
    });
    expect(sdk.spans().filter(({ status }) => status.code !== SpanStatusCode.UNSET)).toEqual([]);
  });

  it('tells of each repetition, whose transactions are all under it', async () => {
    let runs = 0;
    await book.blotter.transactions.executeWithRetry(
      async (unit) => {
        runs += 1;
        await unit.sql(runs < 3 ? `do $$ begin raise exception using errcode = '40001'; end $$` : 'select 1');
      },
      { name: 'rebalance', initialDelayMs: 1 },
    );
    const command = only('rebalance');
    expect(command?.attributes).toEqual({ 'blotter.attempts': 3 });
    expect(command?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
      [
        'retry',
        {
          'blotter.attempt': 1,
          'error.type': 'SERIALIZATION_FAILURE',
          'blotter.wait_ms': expect.any(Number) as unknown,
        },
      ],
      [
        'retry',
        {
          'blotter.attempt': 2,
          'error.type': 'SERIALIZATION_FAILURE',
          'blotter.wait_ms': expect.any(Number) as unknown,
        },
      ],
    ]);
    const transactions = sdk.under(command);
    expect(transactions.map(({ attributes }) => attributes['db.response.status_code'])).toEqual([
      '40001',
      '40001',
      undefined,
    ]);
  });

  it('that is refused before anything is wrong with the database says so on its own span alone', async () => {
    await reasonOf(book.blotter.cancelOrder({ orderId: anyNewOrder().id, at: order.createdAt }));
    expect(only('cancel order')).toMatchObject({
      attributes: { 'error.type': 'NOT_FOUND' },
      status: { code: SpanStatusCode.ERROR },
    });
    const transaction = only('TRANSACTION cancel order');
    expect(transaction?.status.code).toBe(SpanStatusCode.UNSET);
    expect(transaction?.attributes).toMatchObject({ 'blotter.transaction.outcome': 'rolled back' });
  });
});

describe('a transaction', () => {
  it('that fails has the SQLSTATE of what failed, on the statement and on itself', async () => {
    await using unit = book.database.begin({ name: 'divide' });
    await reasonOf(unit.sql('select 1 / $1::int', ['0']));
    const failed = {
      attributes: { 'db.response.status_code': '22012', 'error.type': '22012' },
      status: { code: SpanStatusCode.ERROR, message: expect.stringContaining('SQLSTATE 22012') as unknown },
    };
    expect(only('SELECT')).toMatchObject(failed);
    expect(only('TRANSACTION divide')).toMatchObject(failed);
    expect(only('TRANSACTION divide')?.events).toEqual([]);
  });

  it('whose commit nobody can settle is of unknown outcome', async () => {
    const proxy = await startTcpProxy(book.storage.config.settings, 5);
    const distant = await Database.connect(book.storage.configWith({ maxPoolSize: 1 }).at('127.0.0.1', proxy.port));
    const unit = distant.begin({ name: 'cut' });
    await unit.sql('select 1');
    const committing = reasonOf(unit.commit());
    proxy.cut();
    expect(await committing).toMatchObject({ code: 'AMBIGUOUS_COMMIT' });
    expect(only('TRANSACTION cut')?.attributes).toMatchObject({
      'blotter.transaction.outcome': 'unknown',
      'error.type': 'AMBIGUOUS_COMMIT',
      'server.port': proxy.port,
    });
    await distant.close();
    await proxy.close();
  });

  it('lets a span that the program opens within it be the parent of what is asked there', async () => {
    await using unit = book.database.begin({ name: 'nested' });
    await unit.sql('select 1');
    await tracer.startActiveSpan('inner', async (span) => {
      await unit.orders.get(order.id);
      span.end();
    });
    await unit.commit();
    expect(names(sdk.under(only('TRANSACTION nested')))).toEqual(['BEGIN', 'SELECT', 'COMMIT']);
    expect(names(sdk.under(only('inner')))).toEqual(['order by id']);
  });

  it('says at which of several servers it ran', async () => {
    const { host, port } = book.storage.config.settings;
    const several = await Database.connect(book.storage.configWith({ host: `127.0.0.1,${host}`, port: `1,${port}` }));
    await using unit = several.begin({ name: 'elsewhere' });
    await unit.sql('select 1');
    await unit.commit();
    expect(only('TRANSACTION elsewhere')?.attributes).toMatchObject({ 'server.address': host, 'server.port': port });
    await several.close();
  });

  it('that was a stream is committed once it is read to its end', async () => {
    for await (const { id } of book.database.read.orders.stream(portfolio.id)) expect(id).toBeDefined();
    expect(only('TRANSACTION stream')?.attributes).toMatchObject({ 'blotter.transaction.outcome': 'committed' });
  });

  it('that asks nothing has no span, and one that gets no session has one that says why', async () => {
    await book.database.begin().commit();
    expect(sdk.spans()).toEqual([]);
    const full = await Database.connect(book.storage.configWith({ maxPoolSize: 1, maxWaiting: 0 }));
    await using holder = full.begin({ name: 'holder' });
    await holder.sql('select 1');
    await reasonOf(full.begin({ name: 'refused' }).sql('select 1'));
    expect(only('TRANSACTION refused')?.attributes).toMatchObject({ 'error.type': 'POOL_EXHAUSTED' });
    await holder.rollback();
    await full.close();
  });
});

describe('what is grouped', () => {
  const within = <Result>(name: string, work: () => Promise<Result>) =>
    tracer.startActiveSpan(name, (span) =>
      work().finally(() => {
        span.end();
      }),
    );
  const anyOrderOfIt = () => anyNewOrder({ portfolioId: portfolio.id });

  it('is under its caller when it is carried out alone, and a batch is under none of those whose commands it has', async () => {
    const grouped = new Blotter(book.database, { group: true });
    const place = (caller: string) => within(caller, () => grouped.placeOrder(anyOrderOfIt()));
    // In one portfolio each waits for those before: what comes when the first is under way is the next batch.
    const first = place('first');
    await setImmediate();
    const batch = [place('second'), place('third')];
    await first;
    await setImmediate();
    await Promise.all([...batch, place('last')]);
    for (const alone of ['first', 'last']) expect(names(sdk.under(only(alone)))).toEqual(['place order']);
    expect(only('place orders')?.parentSpanContext).toBeUndefined();
    expect(names(sdk.under(only('place orders')))).toEqual(['TRANSACTION place orders']);
  });

  it('as units is under none of their callers', async () => {
    const save = (caller: string) =>
      within(caller, () =>
        book.blotter.transactions.execute(
          (unit) => {
            unit.orders.save(Order.create({ ...anyOrderOfIt(), currency: portfolio.currency }));
            return Promise.resolve();
          },
          { group: true },
        ),
      );
    await Promise.all([save('one'), save('other')]);
    expect(only('TRANSACTION group commit')?.parentSpanContext).toBeUndefined();
  });
});

describe('a read outside transactions', () => {
  it('is a span under that of its caller, also when it had to wait for its turn', async () => {
    const narrow = await Database.connect(book.storage.configWith({ sharedReadSessions: 1, sharedReadsInFlight: 1 }));
    const callers = Array.from({ length: 5 }, (_, caller) =>
      tracer.startActiveSpan(`caller ${caller}`, async (span) => {
        await narrow.read.orders.get(order.id);
        span.end();
      }),
    );
    await Promise.all(callers);
    for (const caller of callers.keys()) expect(names(sdk.under(only(`caller ${caller}`)))).toEqual(['order by id']);
    await narrow.close();
  });

  it('by plain SQL is called by its command', async () => {
    await book.database.query(`select 'canary' where 'canary' = $1`, ['canary']);
    expect(names(sdk.spans())).toEqual(['SELECT']);
  });
});

it('a health check and the opening of sessions are not traced: nobody has asked for them', async () => {
  const other = await Database.connect(book.storage.config);
  await other.health();
  await other.close();
  expect(sdk.spans()).toEqual([]);
});

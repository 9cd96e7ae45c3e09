import {
  context,
  createNoopMeter,
  metrics,
  ProxyTracerProvider,
  SpanKind,
  trace,
  type Attributes,
  type Context,
  type Histogram,
  type Meter,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { DatabaseConfig } from '../database/database-config.js';
import type { Server } from '../database/servers.js';
import { carefully } from './carefully.js';
import { ATTRIBUTE, BOUNDARIES, METRIC, SCOPE, SYSTEM } from './conventions.js';
import { failureOf, markFailed } from './failure.js';
import type { Query } from './query.js';

/** An operation that has begun. */
export interface Operation {
  readonly span: Span | undefined;
  /** Ends it, as failed where there is an error; the second call does nothing. */
  end(error?: unknown): void;
}

/** The meter of the program's SDK; undefined without one. */
export function installedMeter(): Meter | undefined {
  const meter = metrics.getMeter(SCOPE);
  return meter === createNoopMeter() ? undefined : meter;
}

/** The tracer of the program's SDK; undefined without one. */
export function installedTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  // The API of version 1 has no other way of saying that there is no SDK, and of a version 2 nothing is said here.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- as above
  return provider instanceof ProxyTracerProvider ? provider.getDelegateTracer(SCOPE) : provider.getTracer(SCOPE);
}

/**
 * What is asked of the database, as spans and durations; each span has one measurement. It is there only where the program has
 * an SDK, so that without one a statement pays for one comparison with undefined and for nothing else.
 */
export class Operations {
  /** Undefined when the program has no SDK, or none yet. */
  static installed(config: DatabaseConfig): Operations | undefined {
    const [tracer, meter] = [installedTracer(), installedMeter()];
    if (!tracer && !meter) return undefined;
    const duration = meter?.createHistogram(METRIC.duration, {
      description: 'Duration of database client operations.',
      unit: 's',
      advice: { explicitBucketBoundaries: BOUNDARIES },
    });
    return new Operations(tracer, duration, config);
  }

  /** The attributes of a query at a server never change, so they are made once. */
  private readonly known = new Map<Server, WeakMap<Query, Attributes>>();

  private constructor(
    private readonly tracer: Tracer | undefined,
    private readonly duration: Histogram | undefined,
    private readonly config: DatabaseConfig,
  ) {}

  /** Sends a query, whose span belongs under what is active now or under the context that is given. The answer is passed on as it is. */
  ask<Result>(
    server: Server,
    query: Query,
    send: () => Promise<Result>,
    within: Context = context.active(),
  ): Promise<Result> {
    const operation = this.begin(query, within, server);
    const answer = send();
    answer.then(
      () => {
        operation.end();
      },
      (error: unknown) => {
        operation.end(error);
      },
    );
    return answer;
  }

  /** Begins what is more than one query; its server is the first of the configuration until `at` says another. */
  begin(query: Query, within: Context, server?: Server): Operation & { at(server: Server): void } {
    let attributes = this.attributesOf(query, server);
    const span = carefully(() => this.tracer?.startSpan(query.summary, { kind: SpanKind.CLIENT, attributes }, within));
    const startedAt = performance.now();
    let hasEnded = false;
    return {
      span,
      at: (actual) => {
        attributes = this.attributesOf(query, actual);
        carefully(() => span?.setAttributes(attributes));
      },
      end: (error) => {
        if (hasEnded) return;
        hasEnded = true;
        const failure = error === undefined ? undefined : failureOf(error);
        const seconds = (performance.now() - startedAt) / 1_000;
        carefully(() => this.duration?.record(seconds, { ...attributes, ...failure }, within));
        carefully(() => {
          if (span && failure) markFailed(span, error, failure);
          span?.end();
        });
      },
    };
  }

  /** Work that a queue runs later, and then on behalf of whoever is active now. */
  bound<Result>(work: () => Result): () => Result {
    return context.bind(context.active(), work);
  }

  private attributesOf(query: Query, server = this.firstServer()): Attributes {
    let ofServer = this.known.get(server);
    if (!ofServer) this.known.set(server, (ofServer = new WeakMap()));
    let attributes = ofServer.get(query);
    if (!attributes) {
      attributes = {
        [ATTRIBUTE.system]: SYSTEM,
        [ATTRIBUTE.namespace]: this.config.settings.name,
        [ATTRIBUTE.summary]: query.summary,
        [ATTRIBUTE.address]: server.host,
        [ATTRIBUTE.port]: server.port,
        ...(query.operation !== undefined && { [ATTRIBUTE.operation]: query.operation }),
      };
      ofServer.set(query, attributes);
    }
    return attributes;
  }

  private firstServer(): Server {
    const { servers, host, port } = this.config.settings;
    return servers[0] ?? { host, port };
  }
}

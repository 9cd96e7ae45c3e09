import { context, metrics, trace, type Attributes } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type DataPoint,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';

/** An SDK as a program installs it, that keeps what it is given. */
export interface TelemetrySdk {
  /** The spans that have ended, in the order of their beginnings. */
  spans(): readonly ReadableSpan[];
  /** The spans right under one. */
  under(parent: ReadableSpan | undefined): readonly ReadableSpan[];
  /** What a metric says now. */
  metric(name: string): Promise<MetricData | undefined>;
  /** Everything that was ever said, for canaries. */
  everything(): Promise<unknown>;
  forgetSpans(): void;
}

/** Installed for the whole of the test file, before anything connects. */
export function installTelemetrySdk(): TelemetrySdk {
  const spanExporter = new InMemorySpanExporter();
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spanExporter)] }));
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));

  const spans = () =>
    [...spanExporter.getFinishedSpans()].sort(
      (a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1],
    );
  const collected = async () => {
    await reader.forceFlush();
    return metricExporter.getMetrics();
  };
  return {
    spans,
    under: (parent) =>
      spans().filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent?.spanContext().spanId),
    metric: async (name) => {
      const newest = (await collected()).at(-1);
      return newest?.scopeMetrics.flatMap((scope) => scope.metrics).find(({ descriptor }) => descriptor.name === name);
    },
    everything: async () => ({
      spans: spans().map(({ name, attributes, events, status, links }) => ({
        name,
        attributes,
        events,
        status,
        links,
      })),
      metrics: (await collected()).flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics)),
    }),
    forgetSpans: () => {
      spanExporter.reset();
    },
  };
}

/** The points of a metric whose attributes are these, among others. */
export function pointsOf(metric: MetricData | undefined, attributes: Attributes = {}): DataPoint<unknown>[] {
  const points: readonly DataPoint<unknown>[] = metric?.dataPoints ?? [];
  return points.filter((point) =>
    Object.entries(attributes).every(([name, value]) => point.attributes[name] === value),
  );
}

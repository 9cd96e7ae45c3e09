import type { Attributes, BatchObservableCallback, Histogram, Meter } from '@opentelemetry/api';
import type { DatabaseConfig } from '../database/database-config.js';
import { addressOf } from '../database/servers.js';
import type { SessionPoolStatistics } from '../database/session-pool.js';
import { carefully } from './carefully.js';
import { ATTRIBUTE, BOUNDARIES, METRIC } from './conventions.js';
import { installedMeter } from './operations.js';

/** The pool of sessions as metrics. What can be looked up is looked up when the SDK asks, so only three times are taken as they come. */
export class PoolMetrics {
  /** Undefined when the program has no SDK, or none yet. */
  static installed(config: DatabaseConfig, statistics: () => SessionPoolStatistics): PoolMetrics | undefined {
    const meter = installedMeter();
    return meter && new PoolMetrics(meter, config, statistics);
  }

  private readonly attributes: Attributes;
  private readonly createTime: Histogram;
  private readonly waitTime: Histogram;
  private readonly useTime: Histogram;
  private isClosed = false;

  private constructor(
    private readonly meter: Meter,
    private readonly config: DatabaseConfig,
    private readonly statistics: () => SessionPoolStatistics,
  ) {
    this.attributes = { [ATTRIBUTE.pool]: takeName(config) };
    this.createTime = this.time(METRIC.createTime, 'The time it took to create a new connection.');
    this.waitTime = this.time(METRIC.waitTime, 'The time it took to obtain an open connection from the pool.');
    this.useTime = this.time(METRIC.useTime, 'The time between borrowing a connection and returning it to the pool.');
    this.observe();
  }

  created(milliseconds: number): void {
    this.record(this.createTime, milliseconds);
  }

  waited(milliseconds: number): void {
    this.record(this.waitTime, milliseconds);
  }

  used(milliseconds: number): void {
    this.record(this.useTime, milliseconds);
  }

  /** The next report says that there is nothing left, and is the last: an SDK goes on telling what it was told last. */
  close(): void {
    this.isClosed = true;
  }

  private record(histogram: Histogram, milliseconds: number): void {
    carefully(() => {
      histogram.record(milliseconds / 1_000, this.attributes);
    });
  }

  private time(name: string, description: string): Histogram {
    return this.meter.createHistogram(name, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: BOUNDARIES },
    });
  }

  private observe(): void {
    const { attributes, meter } = this;
    const upDown = (name: string, unit: string, description: string) =>
      meter.createObservableUpDownCounter(name, { unit, description });
    const count = upDown(METRIC.count, '{connection}', 'The number of connections in the state of the attribute.');
    const idleMin = upDown(METRIC.idleMin, '{connection}', 'The minimum number of idle open connections allowed.');
    const idleMax = upDown(METRIC.idleMax, '{connection}', 'The maximum number of idle open connections allowed.');
    const max = upDown(METRIC.max, '{connection}', 'The maximum number of open connections allowed.');
    const pending = upDown(METRIC.pending, '{request}', 'The number of callers that wait for a connection.');
    const timeouts = meter.createObservableCounter(METRIC.timeouts, {
      unit: '{timeout}',
      description: 'The number of callers that got no connection.',
    });
    const observables = [count, idleMin, idleMax, max, pending, timeouts];
    const report: BatchObservableCallback = (result) => {
      const pool = this.statistics();
      const { minPoolSize, maxPoolSize } = this.isClosed ? CLOSED : this.config.settings;
      result.observe(count, pool.idle, { ...attributes, [ATTRIBUTE.state]: 'idle' });
      result.observe(count, pool.inUse, { ...attributes, [ATTRIBUTE.state]: 'used' });
      result.observe(idleMin, minPoolSize, attributes);
      // An idle session is kept until its idle time is over, up to all of them.
      result.observe(idleMax, maxPoolSize, attributes);
      result.observe(max, maxPoolSize, attributes);
      result.observe(pending, pool.waiting, attributes);
      result.observe(timeouts, pool.timeouts, attributes);
      if (!this.isClosed) return;
      meter.removeBatchObservableCallback(report, observables);
      names.delete(String(attributes[ATTRIBUTE.pool]));
    };
    meter.addBatchObservableCallback(report, observables);
  }
}

const CLOSED = { minPoolSize: 0, maxPoolSize: 0 };

/** Of the pools of this process that are reported. */
const names = new Set<string>();

/** The name that the conventions advise, with all servers where there are several; a second pool of that name is told apart by a number. */
function takeName({ settings: { servers, name: database } }: DatabaseConfig): string {
  const wanted = `${servers.map(addressOf).join(',')}/${database}`;
  let name = wanted;
  for (let number = 2; names.has(name); number += 1) name = `${wanted} #${number}`;
  names.add(name);
  return name;
}

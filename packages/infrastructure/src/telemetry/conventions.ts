/**
 * Names of OpenTelemetry's semantic conventions for database clients 1.33.0, the first version in which those of spans and of
 * `db.client.operation.duration` are stable. Those of connection pools are in development, and later versions rename some. A test
 * compares these with the package of that version.
 */
export const ATTRIBUTE = {
  system: 'db.system.name',
  namespace: 'db.namespace',
  operation: 'db.operation.name',
  summary: 'db.query.summary',
  status: 'db.response.status_code',
  error: 'error.type',
  address: 'server.address',
  port: 'server.port',
  pool: 'db.client.connection.pool.name',
  state: 'db.client.connection.state',
} as const;

export const METRIC = {
  duration: 'db.client.operation.duration',
  count: 'db.client.connection.count',
  idleMax: 'db.client.connection.idle.max',
  idleMin: 'db.client.connection.idle.min',
  max: 'db.client.connection.max',
  pending: 'db.client.connection.pending_requests',
  timeouts: 'db.client.connection.timeouts',
  createTime: 'db.client.connection.create_time',
  waitTime: 'db.client.connection.wait_time',
  useTime: 'db.client.connection.use_time',
} as const;

/** What the conventions have no word for. */
export const OWN_ATTRIBUTE = {
  /** Of a transaction: committed, rolled back, or unknown. */
  outcome: 'blotter.transaction.outcome',
  /** Of work that is repeated: how often it ran. */
  attempts: 'blotter.attempts',
  /** Of the event `retry`: which attempt failed, of what, and the milliseconds until the next. */
  attempt: 'blotter.attempt',
  wait: 'blotter.wait_ms',
} as const;

export const SYSTEM = 'postgresql';

/** Seconds. What the conventions advise for durations; without it, an SDK would count all below five seconds as one. */
export const BOUNDARIES = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** Who emits all this. */
export const SCOPE = '@blotter/infrastructure';

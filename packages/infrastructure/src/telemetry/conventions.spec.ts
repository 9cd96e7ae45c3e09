import * as stable from '@opentelemetry/semantic-conventions';
import * as developing from '@opentelemetry/semantic-conventions/incubating';
import { expect, test } from 'vitest';
import { ATTRIBUTE, METRIC, SYSTEM } from './conventions.js';

test('the attributes are those of the conventions', () => {
  expect(ATTRIBUTE).toEqual({
    system: stable.ATTR_DB_SYSTEM_NAME,
    namespace: stable.ATTR_DB_NAMESPACE,
    operation: stable.ATTR_DB_OPERATION_NAME,
    summary: stable.ATTR_DB_QUERY_SUMMARY,
    status: stable.ATTR_DB_RESPONSE_STATUS_CODE,
    error: stable.ATTR_ERROR_TYPE,
    address: stable.ATTR_SERVER_ADDRESS,
    port: stable.ATTR_SERVER_PORT,
    pool: developing.ATTR_DB_CLIENT_CONNECTION_POOL_NAME,
    state: developing.ATTR_DB_CLIENT_CONNECTION_STATE,
  });
  expect(SYSTEM).toBe(stable.DB_SYSTEM_NAME_VALUE_POSTGRESQL);
});

test('the metrics are those of the conventions', () => {
  expect(METRIC).toEqual({
    duration: stable.METRIC_DB_CLIENT_OPERATION_DURATION,
    count: developing.METRIC_DB_CLIENT_CONNECTION_COUNT,
    idleMax: developing.METRIC_DB_CLIENT_CONNECTION_IDLE_MAX,
    idleMin: developing.METRIC_DB_CLIENT_CONNECTION_IDLE_MIN,
    max: developing.METRIC_DB_CLIENT_CONNECTION_MAX,
    pending: developing.METRIC_DB_CLIENT_CONNECTION_PENDING_REQUESTS,
    timeouts: developing.METRIC_DB_CLIENT_CONNECTION_TIMEOUTS,
    createTime: developing.METRIC_DB_CLIENT_CONNECTION_CREATE_TIME,
    waitTime: developing.METRIC_DB_CLIENT_CONNECTION_WAIT_TIME,
    useTime: developing.METRIC_DB_CLIENT_CONNECTION_USE_TIME,
  });
});

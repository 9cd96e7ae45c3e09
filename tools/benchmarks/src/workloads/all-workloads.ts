import { addOrder } from './add-order.js';
import { bulkFills } from './bulk-fills.js';
import { bulkOrders } from './bulk-orders.js';
import { domain } from './domain.js';
import { orderById } from './order-by-id.js';
import { orderLists } from './order-lists.js';
import { portfolio } from './portfolio.js';
import { recordFill } from './record-fill.js';
import { snapshots } from './snapshots.js';
import { startUp } from './start-up.js';
import { streamOrders } from './stream-orders.js';
import { upsertOrders } from './upsert-orders.js';
import type { Workload } from './workload.js';

export const ALL_WORKLOADS: readonly Workload[] = [
  streamOrders,
  orderById,
  orderLists,
  addOrder,
  recordFill,
  bulkOrders,
  upsertOrders,
  bulkFills,
  portfolio,
  snapshots,
  startUp,
  domain,
];

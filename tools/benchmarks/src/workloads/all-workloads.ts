import { addOrder } from './add-order.js';
import { orderById } from './order-by-id.js';
import { recordFill } from './record-fill.js';
import type { Workload } from './workload.js';

export const ALL_WORKLOADS: readonly Workload[] = [orderById, addOrder, recordFill];

import { OrderId, type BrokerOrderId, type Order, type Timestamp } from '@blotter/domain';
import { CommandConflictError } from '../errors.js';
import type { UnitOfWork } from '../transactions/unit-of-work.js';

export interface MarkSubmitted {
  readonly orderId: OrderId;
  readonly brokerOrderId: BrokerOrderId;
  readonly at: Timestamp;
}

/**
 * The broker has the order. Also taken when the order was filled or has ended before the acknowledgement came: its status stays then.
 * The same command again returns the order as it is now.
 * @throws NotFoundError; CommandConflictError when it was submitted under another broker's id
 */
export async function markSubmitted(unit: UnitOfWork, command: MarkSubmitted): Promise<Order> {
  const order = await unit.orders.getForUpdate(OrderId.of(command.orderId));
  if (order.brokerOrderId === undefined) return unit.orders.save(order.submit(command.brokerOrderId, command.at));
  if (order.brokerOrderId !== command.brokerOrderId) throw new CommandConflictError('order', order.id);
  return order;
}

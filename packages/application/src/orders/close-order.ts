import { OrderId, type Order, type OrderStatus, type Timestamp } from '@blotter/domain';
import type { UnitOfWork } from '../transactions/unit-of-work.js';

/** How an order ends without being filled. */
export interface CloseOrder {
  readonly orderId: OrderId;
  readonly at: Timestamp;
  readonly reason?: string | undefined;
}

/** A rejection always has a reason. */
export type RejectOrder = CloseOrder & { readonly reason: string };

/** Cancels an active order. One that is cancelled already is returned as it is. @throws NotFoundError, InvalidTransitionError */
export function cancelOrder(unit: UnitOfWork, command: CloseOrder): Promise<Order> {
  return close(unit, command.orderId, 'CANCELLED', (order) => order.cancel(command.at, command.reason));
}

/** Marks an order rejected by the broker. One that is rejected already is returned as it is. @throws NotFoundError, InvalidTransitionError */
export function rejectOrder(unit: UnitOfWork, command: RejectOrder): Promise<Order> {
  return close(unit, command.orderId, 'REJECTED', (order) => order.reject(command.at, command.reason));
}

/** Lets an active order expire. One that has expired already is returned as it is. @throws NotFoundError, InvalidTransitionError */
export function expireOrder(unit: UnitOfWork, command: CloseOrder): Promise<Order> {
  return close(unit, command.orderId, 'EXPIRED', (order) => order.expire(command.at, command.reason));
}

async function close(
  unit: UnitOfWork,
  id: OrderId,
  status: OrderStatus,
  step: (order: Order) => Order,
): Promise<Order> {
  const order = await unit.orders.getForUpdate(OrderId.of(id));
  return order.status === status ? order : unit.orders.save(step(order));
}

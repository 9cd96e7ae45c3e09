export { Order } from './order.js';
export type { NewOrder, OrderState } from './order-state.js';
export {
  ACTIVE_STATUSES,
  isActiveStatus,
  nextStatus,
  ORDER_EVENTS,
  ORDER_STATUSES,
  ORDER_TRANSITIONS,
  type OrderEvent,
  type OrderStatus,
} from './order-status.js';
export {
  ORDER_SIDES,
  ORDER_TYPES,
  OrderTerms,
  TIMES_IN_FORCE,
  type OrderSide,
  type OrderType,
  type TimeInForce,
} from './order-terms.js';

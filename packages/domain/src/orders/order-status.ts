export const ORDER_STATUSES = [
  'PENDING',
  'SUBMITTED',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELLED',
  'REJECTED',
  'EXPIRED',
] as const;
/** FIX tag 39, OrdStatus, as far as a book of record needs it. */
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const ORDER_EVENTS = ['submit', 'fillPart', 'fillAll', 'cancel', 'reject', 'expire'] as const;
export type OrderEvent = (typeof ORDER_EVENTS)[number];

/**
 * The order's life: from each status, where each event leads. What is not here is refused with InvalidTransitionError.
 *
 * A fill is a fact and leads somewhere from every status, the odd rows included: brokers fill before they
 * acknowledge, and fill what they have just cancelled. A late part fill never revives an order that has ended.
 * Nor does a late acknowledgement: it only tells the broker's id, and whichever of it and the end came first, the order is the same.
 */
export const ORDER_TRANSITIONS = {
  PENDING: {
    submit: 'SUBMITTED',
    fillPart: 'PARTIALLY_FILLED', // real world possibility: the fill overtakes the acknowledgement
    fillAll: 'FILLED', // the same
    cancel: 'CANCELLED',
    reject: 'REJECTED',
    expire: 'EXPIRED',
  },
  SUBMITTED: {
    fillPart: 'PARTIALLY_FILLED',
    fillAll: 'FILLED',
    cancel: 'CANCELLED',
    reject: 'REJECTED',
    expire: 'EXPIRED',
  },
  PARTIALLY_FILLED: {
    submit: 'PARTIALLY_FILLED', // the acknowledgement that was overtaken
    fillPart: 'PARTIALLY_FILLED',
    fillAll: 'FILLED',
    cancel: 'CANCELLED',
    expire: 'EXPIRED',
  },
  FILLED: {
    submit: 'FILLED', // the acknowledgement that was overtaken
    fillAll: 'FILLED', // real world possibility: filled beyond the order's quantity
  },
  CANCELLED: {
    submit: 'CANCELLED', // real world possibility: the acknowledgement and the cancel crossed
    fillPart: 'CANCELLED', // real world possibility: the fill and the cancel crossed
    fillAll: 'FILLED', // the same, and the cancel came to nothing
  },
  REJECTED: {
    submit: 'REJECTED', // real world possibility: the venue's rejection overtakes the broker's acknowledgement
    fillPart: 'REJECTED', // real world possibility: the broker contradicts itself
    fillAll: 'FILLED',
  },
  EXPIRED: {
    submit: 'EXPIRED', // real world possibility: the acknowledgement comes after the close
    fillPart: 'EXPIRED', // real world possibility: the report comes after the close
    fillAll: 'FILLED',
  },
} as const satisfies Record<OrderStatus, Partial<Record<OrderEvent, OrderStatus>>>;

/** Where the event leads from the status; undefined where the order's life has no such step. */
export function nextStatus(status: OrderStatus, event: OrderEvent): OrderStatus | undefined {
  const steps: Partial<Record<OrderEvent, OrderStatus>> = ORDER_TRANSITIONS[status];
  return steps[event];
}

export const ACTIVE_STATUSES = ['PENDING', 'SUBMITTED', 'PARTIALLY_FILLED'] as const satisfies readonly OrderStatus[];

/** Whether the order can still be filled as intended. */
export function isActiveStatus(status: OrderStatus): boolean {
  return (ACTIVE_STATUSES as readonly OrderStatus[]).includes(status);
}

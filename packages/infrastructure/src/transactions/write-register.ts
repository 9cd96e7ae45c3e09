import type { WriteSet } from '@blotter/application';

/** Where the repositories of a unit of work register what is to be written. */
export interface WriteRegister {
  /** @throws TransactionNotActiveError when the unit has ended */
  register(): WriteSet;
}

import { checkedMark, type Mark } from '@blotter/domain';
import type { UnitOfWork } from '../transactions/unit-of-work.js';

/** Stores the last prices; of one symbol the newest time wins. Positions are valued at them, and never conflict with them. */
export async function markToMarket(unit: UnitOfWork, marks: readonly Mark[]): Promise<void> {
  for (const mark of marks.map(checkedMark)) unit.marks.put(mark);
  await unit.flush();
}

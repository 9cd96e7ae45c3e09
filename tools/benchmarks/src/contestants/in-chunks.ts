/** Rows of one `values` list: with eighteen columns well below the 65,535 parameters that a statement may have. */
const ROWS = 1_000;

/** A thousand after another, as whoever has no bulk way sends them. */
export async function inChunks<Item>(items: readonly Item[], send: (chunk: Item[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += ROWS) await send(items.slice(start, start + ROWS));
}

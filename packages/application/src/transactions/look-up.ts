/** So many keys one look-up names: enough that a round trip costs nothing beside them, and no statement takes long. */
const KEYS_OF_A_LOOK_UP = 10_000;

/** Looks many things up, all at once; the look-ups travel together and are answered in the order of the keys. */
export async function inParts<Key, Found>(
  keys: readonly Key[],
  lookUp: (keys: readonly Key[]) => Promise<readonly Found[]>,
): Promise<Found[]> {
  const parts: Promise<readonly Found[]>[] = [];
  for (let from = 0; from < keys.length; from += KEYS_OF_A_LOOK_UP) {
    parts.push(lookUp(keys.slice(from, from + KEYS_OF_A_LOOK_UP)));
  }
  return (await Promise.all(parts)).flat();
}

/** Each id once, in the order in which rows are locked. */
export function sortedIds<Id extends string>(ids: readonly Id[]): Id[] {
  return [...new Set(ids)].sort();
}

/** The last of the items of each key, in the order in which the keys came first. */
export function oneOfEach<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

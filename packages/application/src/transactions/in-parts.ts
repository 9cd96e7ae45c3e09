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

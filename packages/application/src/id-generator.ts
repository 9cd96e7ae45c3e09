/** Where new ids come from: UUIDs, version 7 where the order of the ids is to be the order of time. */
export interface IdGenerator {
  next(): string;
}

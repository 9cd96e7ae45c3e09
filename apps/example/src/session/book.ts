import type { Blotter, BookReader, IdGenerator } from '@blotter/application';

/** What a session needs of the book of record: to command, to read, and new ids. */
export interface Book {
  readonly blotter: Blotter;
  readonly read: BookReader;
  readonly ids: IdGenerator;
}

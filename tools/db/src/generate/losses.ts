import { changedEnums, retypedColumns } from './stages.js';
import { keyOfTable, type Snapshot } from './snapshot.js';

/** What is not there any more after the way up and the way down, each as a line of the down file's header. */
export function lossesOf(present: Snapshot, before: Snapshot): readonly string[] {
  return [
    ...missingIn(before, present),
    ...missingIn(present, before).map((what) => `${what}, dropped on the way up`),
    ...values(present, before),
    ...changedEnums(present, before).map(
      ({ name }) => `the privileges granted on the type ${name}, which is made anew`,
    ),
    ...Object.values(present.tables).flatMap((table) =>
      retypedColumns(table, present, before)
        .filter((name) => table.columns[name]?.type !== before.tables[keyOfTable(table)]?.columns[name]?.type)
        .map(
          (name) =>
            `what of ${table.name}.${name} does not fit ${before.tables[keyOfTable(table)]?.columns[name]?.type ?? ''}`,
        ),
    ),
  ];
}

/** The tables and columns that one snapshot has and the other has not, or has as what it computes; computed ones are made again. */
function missingIn(other: Snapshot, one: Snapshot): string[] {
  return Object.entries(one.tables).flatMap(([key, table]) => {
    const counterpart = other.tables[key];
    if (!counterpart) return [`the rows of ${table.name}`];
    return Object.values(table.columns)
      .filter(({ name, generated }) => {
        const same = counterpart.columns[name];
        return !generated && (same === undefined || Boolean(same.generated));
      })
      .map(({ name }) => `the data of ${table.name}.${name}`);
  });
}

function values(present: Snapshot, before: Snapshot): string[] {
  return Object.entries(present.enums).flatMap(([key, { name, values: now }]) => {
    const gone = now.filter((value) => before.enums[key] && !before.enums[key].values.includes(value));
    return gone.map((value) => `the value ${value} of ${name}; refused as long as a row has it`);
  });
}

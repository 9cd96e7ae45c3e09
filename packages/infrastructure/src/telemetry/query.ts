/** What a statement is called: of each kind there is one, however often it runs, and no value is in it. */
export interface Query {
  /** `db.query.summary`, and the name of the span. */
  readonly summary: string;
  /** `db.operation.name`; undefined where nobody knows. */
  readonly operation: string | undefined;
}

/** How the names of our statements end, and what they do then; all others read. */
const WRITES = [
  ['_insert', 'INSERT'],
  ['_upsert', 'INSERT'],
  ['_update', 'UPDATE'],
  ['_delete', 'DELETE'],
  ['_create', 'CREATE'],
  ['_declare', 'DECLARE'],
  ['_fetch', 'FETCH'],
  ['_close', 'CLOSE'],
  ['_write', 'WITH'],
] as const;

/** First words that are commands of PostgreSQL. Any other may be a value: a caller's text may be anything. */
const COMMANDS = [
  ...[
    'SELECT',
    'INSERT',
    'UPDATE',
    'DELETE',
    'MERGE',
    'WITH',
    'VALUES',
    'TABLE',
    'CALL',
    'DO',
    'EXPLAIN',
    'SHOW',
    'SET',
  ],
  ...['BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT', 'RELEASE', 'LOCK', 'NOTIFY', 'CREATE', 'ALTER', 'DROP', 'TRUNCATE'],
  ...['ANALYZE', 'VACUUM', 'REFRESH', 'REINDEX', 'GRANT', 'REVOKE', 'COMMENT', 'COPY'],
];

const plain = new Map<string, Query>(COMMANDS.map((command) => [command, { summary: command, operation: command }]));
const unknown: Query = { summary: 'postgresql', operation: undefined };
const named = new Map<string, Query>();

/** Of a statement of ours, by its name: `order_by_client_order_id` is "order by client order id". */
export function namedQuery(name: string): Query {
  let query = named.get(name);
  if (!query) {
    const [, operation = 'SELECT'] = WRITES.find(([ending]) => name.endsWith(ending)) ?? [];
    query = { summary: name.replaceAll('_', ' '), operation };
    named.set(name, query);
  }
  return query;
}

/** Of plain SQL: its first word, when that is a command. The rest of the text is nobody's business. */
export function plainQuery(text: string): Query {
  const [, word = ''] = /^\s*([a-z]+)/i.exec(text) ?? [];
  return plain.get(word.toUpperCase()) ?? unknown;
}

/** Of a whole transaction, by the name that the caller gave it. */
export function transactionQuery(name: string | undefined): Query {
  return { summary: name === undefined ? 'TRANSACTION' : `TRANSACTION ${name}`, operation: 'TRANSACTION' };
}

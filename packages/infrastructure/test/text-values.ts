/** Texts for values of a type, and how PostgreSQL writes what it reads in them. */
export const TEXT_VALUES: readonly { readonly type: string; readonly text: string; readonly written?: string }[] = [
  { type: 'bool', text: 'true' },
  { type: 'bool', text: 'f', written: 'false' },
  { type: 'bytea', text: String.raw`\x6162` },
  { type: 'json', text: '{"a": 1}' },
  { type: 'jsonb', text: '["a"]' },
  { type: 'date', text: '2026-01-05' },
  { type: 'timestamptz', text: '2026-01-05 14:30:00.123456+00' },
  { type: 'numeric', text: '0.100000000000000001' },
  { type: 'bigint', text: '9223372036854775807' },
  { type: 'text[]', text: '{a,"b c"}' },
  { type: 'boolean[]', text: '{t,f}' },
  { type: 'uuid', text: '0190b2a0-0000-7000-8000-000000000001' },
];

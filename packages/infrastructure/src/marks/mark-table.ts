import { sql } from 'drizzle-orm';
import { check, pgTable, text } from 'drizzle-orm/pg-core';
import { decimal, moment } from '../database/columns.js';

export const marks = pgTable(
  'marks',
  {
    // find, findAll
    symbol: text().primaryKey(),
    price: decimal().notNull(),
    at: moment().notNull(),
  },
  () => [check('marks_price_check', sql`price >= 0`)],
);

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Ticker } from '@blotter/domain';
import type { DailyBar } from './daily-bar.js';
import { PriceFileError } from './price-file-error.js';
import { readBars } from './read-bars.js';

const FOLDER = new URL('../../data/prices/', import.meta.url);

/** All bars of a symbol, from the prices that came with the app. @throws PriceFileError */
export async function loadBars(symbol: Ticker): Promise<readonly DailyBar[]> {
  const url = new URL(`${encodeURIComponent(symbol)}.csv`, FOLDER);
  let text: string;
  try {
    text = await readFile(url, 'utf8');
  } catch (cause) {
    throw new PriceFileError(fileURLToPath(url), undefined, 'cannot be read. Check out apps/example/data again.', {
      cause,
    });
  }
  return readBars(text, `${symbol}.csv`);
}

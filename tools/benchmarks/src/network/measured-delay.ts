import postgres from 'postgres';
import { median } from '../measure/statistics.js';

const TIMES = 40;

/** What the proxy really adds to a round trip, in milliseconds: timers keep their time only so well. */
export async function measuredDelayMs(direct: string, delayed: string): Promise<number> {
  const [short, long] = [await roundTripMs(direct), await roundTripMs(delayed)];
  return long - short;
}

async function roundTripMs(url: string): Promise<number> {
  const sql = postgres(url, { max: 1 });
  try {
    const times: number[] = [];
    for (let time = 0; time <= TIMES; time += 1) {
      const began = performance.now();
      await sql`select 1`;
      times.push(performance.now() - began);
    }
    return median(times.slice(1));
  } finally {
    await sql.end();
  }
}

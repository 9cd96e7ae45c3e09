import type { ContestantHost } from '../contestants/contestant-host.js';
import { FillLoad } from '../workload/fill-load.js';
import { Station, type StationOptions } from '../workload/station.js';

const CALLERS = 20;
const PORTFOLIOS = 10;
const SESSIONS = 10;
const PATIENCE_MS = 20_000;

/** A pool with callers that record fills through it without end. */
export interface UnderLoad {
  readonly station: Station;
  readonly load: FillLoad;
}

/** Undefined where the pool cannot be opened, or the portfolios cannot be made. */
export async function putUnderLoad(
  host: ContestantHost,
  options: Pick<StationOptions, 'url' | 'address' | 'applicationName' | 'direct'>,
): Promise<UnderLoad | undefined> {
  const station = await Station.open(host, { ...options, sessions: SESSIONS, patienceMs: PATIENCE_MS });
  if (station === undefined) return undefined;
  const load = new FillLoad(station);
  if (await load.start(CALLERS, PORTFOLIOS)) return { station, load };
  await station.close();
  return undefined;
}

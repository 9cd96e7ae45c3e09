import type { Pace } from '../network/lane.js';
import type { Station } from '../workload/station.js';
import { closeStation, cutRound, findDamage, openStation, uncutRound, type CutLane } from './cut-lane.js';
import type { Goal } from './goal.js';

/** How the network of warm sessions may be: fast, one millisecond away, or trickling, so that messages are cut in their middle. */
const PACES: readonly [Pace, ...Pace[]] = [{ delayMs: 0 }, { delayMs: 1 }, { delayMs: 0, bytesPerMs: 96 }];

const WARM_UP_ROUNDS = 5;
/** Without this many openings in a row there is nothing to measure. */
const MOST_FAILED_OPENS = 5;

/** Each round on new sessions, which use every statement for the first time. */
export async function coldRounds(lane: CutLane, goal: Goal): Promise<void> {
  let typicalMs: number | undefined;
  let failedOpens = 0;
  for (let round = 0; !goal.isReached && failedOpens < MOST_FAILED_OPENS; round += 1) {
    const station = await openStation(lane);
    if (station === undefined) {
      failedOpens += 1;
      continue;
    }
    if (typicalMs === undefined) typicalMs = await uncutRound(lane, station);
    else {
      const { inFlight, uncutMs } = await roundAndProbe(lane, station, round, typicalMs);
      goal.add(inFlight);
      // The machine is faster now than when it was measured.
      typicalMs = uncutMs ?? typicalMs;
    }
    await closeStation(lane, station);
  }
}

/** Chapters without any fault, so that the contestant's code is compiled before anything is measured. */
export async function warmUp(lane: CutLane): Promise<void> {
  const station = await openStation(lane);
  if (station === undefined) return;
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) await uncutRound(lane, station);
  await closeStation(lane, station);
}

/** All rounds on one pool, as long as it is whole after each. */
export async function warmRounds(lane: CutLane, goal: Goal): Promise<void> {
  let station: Station | undefined;
  let failedOpens = 0;
  for (let round = 0; !goal.isReached && failedOpens < MOST_FAILED_OPENS; round += 1) {
    station ??= await openStation(lane);
    // The first warms its sessions up; the second, or the third, says how long it takes then.
    const typicalMs = station && (await uncutRound(lane, station), await uncutRound(lane, station));
    if (station === undefined || typicalMs === undefined) {
      failedOpens += 1;
      if (station) await closeStation(lane, station);
      station = undefined;
      continue;
    }
    failedOpens = 0;
    station.proxy.pace = lane.chance.pick(PACES);
    const broken = lane.tally.brokenPools;
    goal.add((await roundAndProbe(lane, station, round, typicalMs)).inFlight);
    if (lane.tally.brokenPools > broken) {
      await closeStation(lane, station);
      station = undefined;
    }
  }
  if (station) await closeStation(lane, station);
}

async function roundAndProbe(lane: CutLane, station: Station, round: number, typicalMs: number) {
  const outcome = await cutRound(lane, station, round, typicalMs);
  const damage = await findDamage(lane, station);
  if (damage !== undefined) lane.tally.breakPool(`${station.options.applicationName}, round ${round}: ${damage}`);
  lane.progress(`${lane.tally.inFlight} cuts`);
  return outcome;
}

import { setTimeout as delay } from 'node:timers/promises';
import type { ContestantHost } from '../contestants/contestant-host.js';
import type { Outcome } from '../contestants/contestant-process.js';
import type { Chance } from '../random/chance.js';
import type { Ledger } from '../verify/ledger.js';
import type { Tables } from '../verify/tables.js';
import { newChapter, type ChapterCommand } from '../workload/commands.js';
import { Station, type StationOptions } from '../workload/station.js';
import type { CutTally } from './cut-tally.js';

/** What the rounds of a lane share. */
export interface CutLane {
  readonly host: ContestantHost;
  readonly tables: Tables;
  readonly ledger: Ledger;
  readonly tally: CutTally;
  readonly options: StationOptions;
  /** The lane's own. */
  readonly chance: Chance;
  readonly progress: (text: string) => void;
}

/** Chapters of a round for each session: as many callers wait for a session as have one, and must not be handed a dead one. */
const CALLERS_FOR_EACH_SESSION = 2;
/** Cuts a little beyond the end of the work too: a cut there must do no harm either. */
const BEYOND = 1.05;

/**
 * One round: twice as many chapters at once as there are sessions, and at a random moment of the first ones the network is cut,
 * all of it or one connection.
 * @param typicalMs how long the chapters that get a session at once take uncut
 * @returns how many connections were cut with a transaction in flight, and how long those took where the cut came too late
 */
export async function cutRound(
  lane: CutLane,
  station: Station,
  round: number,
  typicalMs: number,
): Promise<{ readonly inFlight: number; readonly uncutMs: number | undefined }> {
  const { tally } = lane;
  const { sessions } = station.options;
  const chance = lane.chance.of(round);
  const commands = crowdOf(station, () => newChapter(chance.pick([0, 0, 3])));
  let unsettled = commands.length;
  const calls = commands.map(async (command) => {
    const outcome = await writeDown(lane, station, command);
    unsettled -= 1;
    return outcome;
  });
  await delay(chance.fraction() * typicalMs * BEYOND);
  const { links } = station.proxy;
  const [first, ...others] = links;
  const all = chance.pick([true, false]);
  const settledAtCut = commands.length - unsettled;
  const cutConnections = all ? links.length : 1;
  const inFlight = Math.min(cutConnections, sessions, unsettled);
  tally.inFlight += inFlight;
  tally.cutConnections += cutConnections;
  if (all || first === undefined) station.proxy.cut();
  else chance.pick([first, ...others]).cut();
  const outcomes = await Promise.all(calls);
  tally.rounds += 1;
  // A connection has one transaction at a time, so as many may fail as were cut; any other caller was a neighbour.
  tally.neighboursHit += Math.max(0, failures(outcomes) - cutConnections);
  await station.settle();
  return { inFlight, uncutMs: settledAtCut >= sessions ? firstTurn(outcomes, sessions) : undefined };
}

/** The same crowd, uncut. @returns how long those took that got a session at once; undefined when one failed */
export async function uncutRound(lane: CutLane, station: Station): Promise<number | undefined> {
  const commands = crowdOf(station, () => newChapter());
  const outcomes = await Promise.all(commands.map((command) => writeDown(lane, station, command)));
  if (failures(outcomes) > 0) return undefined;
  return firstTurn(outcomes, station.options.sessions);
}

/**
 * Whether the pool is whole after a cut: new transactions work on all its sessions, and the count of sessions is back.
 * @returns what is wrong with it; undefined when it is whole
 */
export async function findDamage(lane: CutLane, station: Station): Promise<string | undefined> {
  const commands = Array.from({ length: station.options.sessions }, () => newChapter());
  const outcomes = await Promise.all(commands.map((command) => writeDown(lane, station, command)));
  const failed = outcomes.filter(({ told }) => told !== 'done');
  if (failed.length > 0) return `${failed.length} new transactions failed: ${failed.map(describeOutcome).join(', ')}`;
  const { sessions, applicationName } = station.options;
  const pool = await station.countSessions();
  if (pool && (pool.inUse > 0 || pool.waiting > 0 || pool.total > sessions)) {
    return `the pool counts ${pool.total} sessions, ${pool.inUse} in use, ${pool.waiting} waiting`;
  }
  const atServer = await lane.tables.sessions(applicationName, sessions);
  return atServer > sessions ? `the server has ${atServer} sessions` : undefined;
}

/** Opens a station; undefined, and counted, where the contestant cannot. */
export async function openStation(lane: CutLane): Promise<Station | undefined> {
  const station = await Station.open(lane.host, lane.options);
  if (station === undefined) lane.tally.failedOpens += 1;
  return station;
}

export async function closeStation({ host, tally }: CutLane, station: Station): Promise<void> {
  const { told } = await station.close();
  if (told !== 'done') tally.hungCloses += 1;
  if (told === 'hung' || told === 'died') await host.revive();
}

/** Sends a chapter, and writes into the ledger what became of it. */
async function writeDown({ ledger }: CutLane, station: Station, command: ChapterCommand): Promise<Outcome> {
  const outcome = await station.chapter(command);
  ledger.write(command.portfolioId, outcome);
  return outcome;
}

function crowdOf(station: Station, chapter: () => ChapterCommand): readonly ChapterCommand[] {
  return Array.from({ length: station.options.sessions * CALLERS_FOR_EACH_SESSION }, chapter);
}

/** How long it took until as many had settled as there are sessions. */
function firstTurn(outcomes: readonly Outcome[], sessions: number): number {
  const waits = outcomes.map(({ startedAt, settledAt }) => settledAt - startedAt).sort((one, other) => one - other);
  return waits[sessions - 1] ?? 0;
}

function describeOutcome(outcome: Outcome): string {
  return 'code' in outcome ? `${outcome.code} (${outcome.message})` : outcome.told;
}

function failures(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ told }) => told !== 'done').length;
}

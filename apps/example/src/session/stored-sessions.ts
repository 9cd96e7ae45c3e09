import { everyItem, type BookReader } from '@blotter/application';
import type { Portfolio, PortfolioSnapshot } from '@blotter/domain';
import { sessionTagsOf } from './session-tags.js';

/** A session that the book holds. */
export interface StoredSession {
  readonly number: number;
  readonly portfolios: readonly Portfolio[];
}

/** Where a session stopped that did not reach its end, by Ctrl-C, or because its process was killed. */
interface StoppedShort {
  /** The last day that is complete in all of its portfolios. */
  readonly date: string;
  readonly executions: number;
}

/** All sessions of the book, the first one first. */
export async function listSessions(read: BookReader): Promise<readonly StoredSession[]> {
  const sessions = new Map<number, Portfolio[]>();
  for await (const portfolio of everyItem((page) => read.portfolios.list(page))) {
    const number = sessionTagsOf(portfolio)?.number;
    if (number !== undefined) sessions.set(number, [...(sessions.get(number) ?? []), portfolio]);
  }
  return [...sessions].map(([number, portfolios]) => ({ number, portfolios })).sort((a, b) => a.number - b.number);
}

/** Where the session was interrupted; undefined when it came to its end. */
export async function interruptionOf(
  read: BookReader,
  { portfolios }: StoredSession,
): Promise<StoppedShort | undefined> {
  const latest = await Promise.all(portfolios.map(async (portfolio) => latestOf(read, portfolio)));
  const unfinished = latest.filter(({ portfolio, snapshot }) => {
    const endsAt = sessionTagsOf(portfolio)?.endsAt;
    return endsAt !== undefined && (snapshot === undefined || snapshot.takenAt < endsAt);
  });
  if (unfinished.length === 0) return undefined;
  const [earliest = ''] = unfinished.map(({ portfolio, snapshot }) => snapshot?.takenAt ?? portfolio.openedAt).sort();
  const executions = await Promise.all(portfolios.map((portfolio) => countExecutions(read, portfolio)));
  return { date: earliest.slice(0, 10), executions: executions.reduce((sum, count) => sum + count, 0) };
}

async function latestOf(
  read: BookReader,
  portfolio: Portfolio,
): Promise<{ readonly portfolio: Portfolio; readonly snapshot: PortfolioSnapshot | undefined }> {
  return { portfolio, snapshot: await read.snapshots.findLatest(portfolio.id) };
}

/** The ledger counts executions and cash movements without a gap, and of the latter there are few. */
async function countExecutions(read: BookReader, portfolio: Portfolio): Promise<number> {
  const { items } = await read.cashMovements.list(portfolio.id);
  return portfolio.lastSequence - items.length;
}

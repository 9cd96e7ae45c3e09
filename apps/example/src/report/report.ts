import type { Database } from '@blotter/infrastructure';
import pico from 'picocolors';
import type { Tally } from '../session/tally.js';
import type { Desk } from '../session/trade-day.js';
import { activityTable, readActivity } from './database-activity.js';
import { equityChart } from './equity-chart.js';
import { figuresTable } from './figures-table.js';
import { count } from './format.js';
import { readLastTrades, tradesTable } from './last-trades.js';
import { readResult } from './portfolio-result.js';

/** A session that has been traded. */
export interface TradedSession {
  readonly desks: readonly Desk[];
  readonly tally: Tally;
  readonly tradingSeconds: number;
}

/** All that is said about a session before the proof, in blocks of lines. */
export async function sessionReport(
  database: Database,
  { desks, tally, tradingSeconds }: TradedSession,
): Promise<readonly string[]> {
  const results = await Promise.all(desks.map((desk) => readResult(database.read, desk)));
  const activity = await readActivity(database, tradingSeconds);
  return [
    figuresTable(results),
    ...results.map(
      ({ portfolio, series }) =>
        `${pico.bold(`${portfolio.name}, equity in ${portfolio.currency}`)}\n${equityChart(series)}`,
    ),
    `${pico.bold('Last trades')}\n${tradesTable(await readLastTrades(database.read, desks))}`,
    `${pico.bold('Orders')}\n${ordersLine(tally)}`,
    activityTable(activity, tally),
  ];
}

function ordersLine(tally: Tally): string {
  const { orders, executions, duplicatesIgnored, rejected, cancelled, expired, refused } = tally;
  return (
    `${count(orders)} placed, of which ${count(rejected)} rejected, ${count(cancelled)} cancelled and ${count(expired)} expired; ` +
    `${count(refused)} refused by limits.\n` +
    `${count(executions)} executions recorded; ${count(duplicatesIgnored)} came twice and counted once.`
  );
}

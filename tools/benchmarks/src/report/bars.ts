import type { Sample } from '../measure/result.js';
import { median } from '../measure/statistics.js';
import { orderById } from '../workloads/order-by-id.js';
import { orderLists } from '../workloads/order-lists.js';
import { portfolio } from '../workloads/portfolio.js';
import { snapshots } from '../workloads/snapshots.js';
import { titleOf, type Results } from './results.js';

/** What must show, and what did. Null where a figure was not measured in this run. */
export interface Bar {
  readonly name: string;
  readonly figure: number | null;
  readonly target: string;
  readonly met: boolean | null;
}

interface Figure {
  readonly figure: number | undefined;
  /** Whom it was compared with, where that turns out only when it is measured. */
  readonly against?: string | undefined;
}

interface Rule {
  readonly name: string;
  readonly comparison: 'at least' | 'at most' | 'below';
  readonly target: number;
  readonly figure: (results: Results) => Figure;
}

const FILL = 'record a fill, 8 tasks';
const ON_ONE = 'record a fill, 64 tasks on one portfolio';
const BULK = 'add orders in bulk';
const STREAM = 'stream all orders, large book';
const BY_ID = ['order by id, 1 caller, small book', 'order by id, 64 callers, small book'] as const;
/** Reads whose time should not depend on how many orders there are. */
const READS = [orderById, orderLists, portfolio, snapshots].flatMap(({ variants }) =>
  variants.flatMap(({ name }) => (name.endsWith(', small book') ? [name.slice(0, -', small book'.length)] : [])),
);

/** What must show, in ratios of medians within a run; see docs/performance.md for what each says. */
const RULES: readonly Rule[] = [
  atLeast(0.9, 'order by id, 1 caller: of raw postgres.js', ofRaw(BY_ID[0])),
  atLeast(0.85, 'order by id, 64 callers: of raw postgres.js', ofRaw(BY_ID[1])),
  atLeast(1.5, 'order by id, 1 caller: of the fastest peer', ofFastestPeer(BY_ID[0])),
  atLeast(2.5, 'order by id, 64 callers: of the fastest peer', ofFastestPeer(BY_ID[1])),
  atLeast(0.9, 'add an order, 8 tasks: of raw postgres.js', ofRaw('add an order, 8 tasks')),
  atLeast(
    2,
    'add an order, 64 tasks: grouped, of one by one',
    ofOwn('add an order, 64 tasks, grouped', 'add an order, 64 tasks'),
  ),
  atLeast(2, `${FILL}: of raw sql.begin`, ofRaw(FILL)),
  atLeast(3.2, `${FILL}, 1 ms: of raw sql.begin`, ofRaw(`${FILL}, 1 ms`)),
  atLeast(2.5, `${FILL}: of the fastest correct peer`, ofFastestPeer(FILL)),
  atLeast(3.5, `${FILL}, 1 ms: of the fastest correct peer`, ofFastestPeer(`${FILL}, 1 ms`)),
  atLeast(5, `${ON_ONE}: of the fastest correct peer`, ofFastestPeer(ON_ONE, `${ON_ONE}, grouped`)),
  atMost(
    2,
    'client-to-server bursts of one fill',
    ofBlotter('record a fill, 1 task, 1 ms', ({ bursts }) => bursts),
  ),
  atLeast(0.85, `${BULK}: of COPY by raw postgres.js`, ofRaw(BULK)),
  atLeast(2.5, `${BULK}: of the fastest peer`, ofFastestPeer(BULK)),
  atLeast(1.1, 'upsert orders in bulk: of raw unnest with on conflict', ofRaw('upsert orders in bulk')),
  atLeast(0.8, `${STREAM}: of a raw cursor`, ofRaw(STREAM)),
  below(
    150,
    `${STREAM}: memory in MB`,
    ofBlotter(STREAM, ({ memoryMb }) => memoryMb),
  ),
  below(
    15,
    `${STREAM}: growth of the memory in its last third, in MB`,
    ofBlotter(STREAM, ({ memoryGrowthMb }) => memoryGrowthMb),
  ),
  atMost(
    1.3,
    'time of a page of orders at half of the large book: of the first page',
    ofOwn('first page of orders, large book', 'page of orders at half, large book'),
  ),
  atMost(1.5, 'time of any read in the large book: of the same in the small one', slowestInLarge),
  atLeast(
    100_000,
    'an order through three fills, in memory, a second',
    ofBlotter('an order through three fills, in memory', ({ figure }) => figure),
  ),
];

export function barsOf(results: Results): readonly Bar[] {
  return RULES.map(({ name, comparison, target, figure: measure }) => {
    const { figure, against } = measure(results);
    return {
      name: against === undefined ? name : `${name} (${against})`,
      figure: figure ?? null,
      target: `${comparison} ${target.toLocaleString('en-GB')}`,
      met: figure === undefined ? null : meets(figure, comparison, target),
    };
  });
}

function meets(figure: number, comparison: Rule['comparison'], target: number): boolean {
  switch (comparison) {
    case 'at least':
      return figure >= target;
    case 'at most':
      return figure <= target;
    case 'below':
      return figure < target;
  }
}

function atLeast(target: number, name: string, figure: Rule['figure']): Rule {
  return { name, comparison: 'at least', target, figure };
}

function atMost(target: number, name: string, figure: Rule['figure']): Rule {
  return { name, comparison: 'at most', target, figure };
}

function below(target: number, name: string, figure: Rule['figure']): Rule {
  return { name, comparison: 'below', target, figure };
}

function ofRaw(variant: string): Rule['figure'] {
  return (results) => ({ figure: results.ratio(variant, 'blotter', 'raw') });
}

/** Against another variant of its own. */
function ofOwn(variant: string, other: string): Rule['figure'] {
  return (results) => ({ figure: results.ratio(variant, 'blotter', 'blotter', other) });
}

/** Against the fastest peer at the same work; with more variants, the best of what Blotter offers for it. */
function ofFastestPeer(variant: string, ...moreOfBlotter: readonly string[]): Rule['figure'] {
  return (results) => {
    const peer = results.fastestPeer(variant);
    if (peer === undefined) return { figure: undefined };
    const ratios = [variant, ...moreOfBlotter].flatMap((own) => results.ratio(own, 'blotter', peer, variant) ?? []);
    return { figure: ratios.length === 0 ? undefined : Math.max(...ratios), against: titleOf(peer) };
  };
}

function ofBlotter(variant: string, of: (sample: Sample) => number | undefined): Rule['figure'] {
  return (results) => {
    const figures = results.figures(variant, 'blotter', of);
    return { figure: figures && median(figures) };
  };
}

/** Of all reads the one that suffers most; its time is the inverse of its rate. */
function slowestInLarge(results: Results): Figure {
  const worst = READS.flatMap((read) => {
    const figure = results.ratio(`${read}, small book`, 'blotter', 'blotter', `${read}, large book`);
    return figure === undefined ? [] : [{ figure, against: read }];
  }).sort((one, other) => other.figure - one.figure);
  return worst[0] ?? { figure: undefined };
}

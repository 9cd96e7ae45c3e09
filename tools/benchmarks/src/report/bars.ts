import { titleOf, type Results } from './results.js';

/** What must show, and what did. Null where a figure was not measured in this run. */
export interface Bar {
  readonly name: string;
  readonly figure: number | null;
  readonly target: string;
  readonly met: boolean | null;
}

type Comparison = 'at least' | 'at most' | 'below';

interface Figure {
  readonly figure: number | undefined;
  /** Whom it was compared with, where that turns out only when it is measured. */
  readonly against?: string | undefined;
}

interface Rule {
  readonly name: string;
  readonly comparison: Comparison;
  readonly target: number;
  readonly figure: (results: Results) => Figure;
}

const ofRaw =
  (variant: string, rawVariant = variant) =>
  (results: Results): Figure => ({ figure: results.ratio(variant, 'blotter', 'raw', rawVariant) });

/** Against the fastest peer at the same work, in a variant of Blotter's own where it has one. */
const ofFastestPeer =
  (variant: string, ...ownVariants: readonly string[]) =>
  (results: Results): Figure => {
    const peer = results.fastestPeer(variant);
    if (peer === undefined) return { figure: undefined };
    const ratios = [variant, ...ownVariants].flatMap((own) => results.ratio(own, 'blotter', peer, variant) ?? []);
    return { figure: ratios.length === 0 ? undefined : Math.max(...ratios), against: titleOf(peer) };
  };

const ofOwn =
  (variant: string, other: string) =>
  (results: Results): Figure => ({ figure: results.ratio(variant, 'blotter', 'blotter', other) });

const FILL = 'record a fill, 8 tasks';
const ON_ONE = 'record a fill, 64 tasks on one portfolio';

/** The table of what must show. Ratios of rates within a round, medians. */
const RULES: readonly Rule[] = [
  atLeast(0.9, 'order by id, 1 caller: of raw postgres.js', ofRaw('order by id, 1 caller, small')),
  atLeast(0.85, 'order by id, 64 callers: of raw postgres.js', ofRaw('order by id, 64 callers, small')),
  atLeast(1.5, 'order by id, 1 caller: of the fastest peer', ofFastestPeer('order by id, 1 caller, small')),
  atLeast(2.5, 'order by id, 64 callers: of the fastest peer', ofFastestPeer('order by id, 64 callers, small')),
  atLeast(0.9, 'add an order, 8 tasks: of raw postgres.js', ofRaw('add an order, 8 tasks')),
  atLeast(
    2,
    'add an order, 64 tasks: grouped, of one by one',
    ofOwn('add an order, 64 tasks, grouped', 'add an order, 64 tasks'),
  ),
  atLeast(2, 'record a fill, 8 tasks: of raw sql.begin', ofRaw(FILL)),
  atLeast(3.2, 'record a fill, 8 tasks, at 1 ms: of raw sql.begin', ofRaw(`${FILL}, 1 ms`)),
  atLeast(2.5, 'record a fill, 8 tasks: of the fastest correct peer', ofFastestPeer(FILL)),
  atLeast(3.5, 'record a fill, 8 tasks, at 1 ms: of the fastest correct peer', ofFastestPeer(`${FILL}, 1 ms`)),
  atLeast(
    5,
    'record a fill, 64 tasks on one portfolio: of the fastest correct peer',
    ofFastestPeer(ON_ONE, `${ON_ONE}, grouped`),
  ),
];

export function barsOf(results: Results): readonly Bar[] {
  return RULES.map(({ name, comparison, target, figure: measure }) => {
    const { figure, against } = measure(results);
    return {
      name: against === undefined ? name : `${name} (${against})`,
      figure: figure ?? null,
      target: `${comparison} ${target}`,
      met: figure === undefined ? null : meets(figure, comparison, target),
    };
  });
}

function meets(figure: number, comparison: Comparison, target: number): boolean {
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

import type { DailyBar } from '../prices/daily-bar.js';

/** What a strategy wants to hold. */
export type Target = 'LONG' | 'SHORT' | 'FLAT';

/**
 * Decides what to hold today from the days before today, oldest first, and from what is held now.
 * Today's bar is not among them: a strategy cannot look ahead. Undefined while there are too few days to say.
 */
export type Strategy = (history: readonly DailyBar[], held: Target) => Target | undefined;

/** How long a contestant's work may go on after SIGTERM, in milliseconds. */
export const DRAIN_MS = 2_000;

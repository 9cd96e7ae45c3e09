/** What happened in a history; for tests that state how much of the ground their histories cover. */
export interface Coverage {
  /** Divisions and products whose exact result did not fit 18 decimals. */
  roundings: number;
  /** Executions that crossed zero, and those among them where notional or commission had to be rounded to be split. */
  flips: number;
  roundedFlips: number;
  longs: number;
  shorts: number;
  closes: number;
  reductions: number;
  rebates: number;
  partialFills: number;
  refusedWithdrawals: number;
  /** Executions with a quantity or price of exactly 18 decimals. */
  fullScale: number;
  contracts: number;
}

export function noCoverage(): Coverage {
  return {
    roundings: 0,
    flips: 0,
    roundedFlips: 0,
    longs: 0,
    shorts: 0,
    closes: 0,
    reductions: 0,
    rebates: 0,
    partialFills: 0,
    refusedWithdrawals: 0,
    fullScale: 0,
    contracts: 0,
  };
}

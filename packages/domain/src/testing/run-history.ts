import { InsufficientCashError } from '../errors.js';
import { Execution } from '../executions/index.js';
import { Order, type NewOrder } from '../orders/index.js';
import { cashMovement, Portfolio } from '../portfolios/index.js';
import { applyExecution, type Position } from '../positions/index.js';
import type { OrderId, Ticker } from '../values/index.js';
import { historyCommands, historyPortfolio, type HistoryCommand } from './history-commands.js';
import type { HistoryStep } from './history-step.js';

/** A portfolio and everything that belongs to it, after a step. */
export interface HistoryState {
  readonly portfolio: Portfolio;
  /** Open positions by symbol. */
  readonly open: ReadonlyMap<Ticker, Position>;
  /** Closed positions, in the order of their closing. */
  readonly closed: readonly Position[];
  readonly orders: ReadonlyMap<OrderId, Order>;
  readonly executions: readonly Execution[];
  /** Whether the step was a withdrawal of more than there was: it changed nothing. */
  readonly refused: boolean;
}

export interface HistoryRun {
  /** The state after each step, as many as there are steps. */
  readonly states: readonly HistoryState[];
  readonly final: HistoryState;
}

/** Drives the domain through a history, from a new portfolio on. Other adapters of the book must come to the same states. */
export function runHistory(steps: readonly HistoryStep[], run = 1): HistoryRun {
  const start: HistoryState = {
    portfolio: Portfolio.open(historyPortfolio(run)),
    open: new Map(),
    closed: [],
    orders: new Map(),
    executions: [],
    refused: false,
  };
  let final = start;
  const states = historyCommands(steps, run).map((command) => (final = after(final, command)));
  return { states, final };
}

function after(state: HistoryState, command: HistoryCommand): HistoryState {
  return command.kind === 'execution' ? recorded(state, command) : moved(state, command);
}

function moved(state: HistoryState, { kind, movement }: Exclude<HistoryCommand, { kind: 'execution' }>): HistoryState {
  const { portfolio } = state;
  const next = cashMovement({
    ...movement,
    kind: kind === 'deposit' ? 'DEPOSIT' : 'WITHDRAWAL',
    sequence: portfolio.nextSequence,
  });
  try {
    return { ...state, portfolio: portfolio.move(next), refused: false };
  } catch (error) {
    if (error instanceof InsufficientCashError) return { ...state, refused: true };
    throw error;
  }
}

function recorded(state: HistoryState, command: Extract<HistoryCommand, { kind: 'execution' }>): HistoryState {
  const { portfolio } = state;
  const { report } = command;
  const execution = Execution.record(report, { sequence: portfolio.nextSequence, recordedAt: report.executedAt });
  const change = applyExecution(state.open.get(report.symbol), execution);
  const open = new Map(state.open);
  if (change.open) open.set(report.symbol, change.open);
  else open.delete(report.symbol);
  return {
    portfolio: portfolio.record(execution, change),
    open,
    closed: change.closed ? [...state.closed, change.closed] : state.closed,
    orders: new Map(state.orders).set(report.orderId, placed(state, command.order).fill(execution)),
    executions: [...state.executions, execution],
    refused: false,
  };
}

function placed(state: HistoryState, order: NewOrder): Order {
  return state.orders.get(order.id) ?? Order.create(order);
}

import { setTimeout as delay } from 'node:timers/promises';
import type { ChapterCommand, FillCommand } from '../workload/commands.js';

/** Runs one statement with $1, $2 … inside a transaction of a peer. */
export type Run = (text: string, parameters: readonly string[]) => Promise<readonly unknown[]>;

/** How a peer sends writes that do not need each other's answers. */
export type Sending = 'together' | 'one by one';

/**
 * The work of a chapter by the usual code: plain SQL, one statement after another, the rows that decide locked by
 * `select … for update`. On the same tables as Blotter, so that one proof holds for all.
 */
export async function writeChapter(run: Run, sending: Sending, command: ChapterCommand): Promise<void> {
  const { portfolioId, orderId, fill } = command;
  const present = await run('select id from portfolios where id = $1', [portfolioId]);
  if (present.length === 0) {
    await run(
      `insert into portfolios (id, name, currency, tags, cash, deposits, withdrawals, realised_pnl, commissions,
         trade_count, win_count, loss_count, gross_profit, gross_loss, last_sequence, opened_at, version)
       values ($1::uuid, $1::text, 'USD', '{}', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, $2, 1)`,
      [portfolioId, fill.at],
    );
    await run(
      `insert into cash_movements (id, portfolio_id, sequence, kind, amount, currency, at)
       values ($1, $2, 1, 'DEPOSIT', $3, 'USD', $4)`,
      [command.movementId, portfolioId, command.deposit, fill.at],
    );
    await run(
      `update portfolios set cash = cash + $2::numeric, deposits = deposits + $2::numeric, last_sequence = 1, version = version + 1
       where id = $1`,
      [portfolioId, command.deposit],
    );
  }
  if (command.pauseMs > 0) await delay(command.pauseMs);
  if (present.length === 0) {
    await run(
      `insert into orders (id, portfolio_id, client_order_id, symbol, side, quantity, type, time_in_force, multiplier,
         currency, tags, status, filled_quantity, filled_notional, commission, created_at, version)
       values ($1::uuid, $2, $1::text, $3, 'BUY', $4, 'MARKET', 'DAY', 1, 'USD', '{}', 'PENDING', 0, 0, 0, $5, 1)`,
      [orderId, portfolioId, fill.symbol, command.orderQuantity, fill.at],
    );
  }
  await recordFill(run, sending, fill);
}

/** The work of a fill by the usual code; one that is there already is left as it is. */
export async function recordFill(run: Run, sending: Sending, fill: FillCommand): Promise<void> {
  const { executionId, portfolioId, orderId, symbol, quantity, price, commission } = fill;
  await run('select * from portfolios where id = $1 for update', [portfolioId]);
  await run('select * from orders where id = $1 for update', [orderId]);
  const held = await run(
    'select * from positions where portfolio_id = $1 and symbol = $2 and closed_at is null for update',
    [portfolioId, symbol],
  );
  const present = await run('select id from executions where id = $1', [executionId]);
  if (present.length > 0) return;
  await run(
    `insert into executions (id, portfolio_id, sequence, order_id, venue, broker_execution_id, symbol, side, quantity,
       price, multiplier, commission, currency, executed_at, recorded_at)
     select $1::uuid, id, last_sequence + 1, $3::uuid, 'XNAS', $1::text, $4::text, 'BUY', $5::numeric, $6::numeric, 1, $7::numeric,
       'USD', $8::timestamptz, now()
     from portfolios where id = $2`,
    [executionId, portfolioId, orderId, symbol, quantity, price, commission, fill.at],
  );
  const writes = [
    () =>
      run(
        `update orders set status = 'PARTIALLY_FILLED', filled_quantity = filled_quantity + $2::numeric,
           filled_notional = filled_notional + $2::numeric * $3::numeric, commission = commission + $4::numeric,
           version = version + 1
         where id = $1`,
        [orderId, quantity, price, commission],
      ),
    () => (held.length === 0 ? openPosition(run, fill) : enlargePosition(run, fill)),
    () =>
      run(
        `update portfolios set cash = cash - $2::numeric * $3::numeric - $4::numeric, commissions = commissions + $4::numeric,
           last_sequence = last_sequence + 1, version = version + 1
         where id = $1`,
        [portfolioId, quantity, price, commission],
      ),
  ];
  if (sending === 'together') await Promise.all(writes.map((write) => write()));
  else for (const write of writes) await write();
}

function openPosition(run: Run, fill: FillCommand): Promise<readonly unknown[]> {
  return run(
    `insert into positions (id, portfolio_id, symbol, currency, multiplier, quantity, cost_basis, realised_pnl,
       commission, invested, max_value, tags, opened_at, version)
     values ($1, $2, $3, 'USD', 1, $4::numeric, $4::numeric * $5::numeric, 0, $6, $4::numeric * $5::numeric,
       $4::numeric * $5::numeric, '{}', $7, 1)`,
    [fill.executionId, fill.portfolioId, fill.symbol, fill.quantity, fill.price, fill.commission, fill.at],
  );
}

function enlargePosition(run: Run, fill: FillCommand): Promise<readonly unknown[]> {
  return run(
    `update positions set quantity = quantity + $3::numeric, cost_basis = cost_basis + $3::numeric * $4::numeric,
       invested = invested + $3::numeric * $4::numeric, commission = commission + $5::numeric,
       max_value = greatest(max_value, (quantity + $3::numeric) * $4::numeric), version = version + 1
     where portfolio_id = $1 and symbol = $2 and closed_at is null`,
    [fill.portfolioId, fill.symbol, fill.quantity, fill.price, fill.commission],
  );
}

/**
 * The proof, ready for psql: `$1` is '*' for the whole book, or an array of portfolio ids.
 * A figure that is stored and not recomputed, or the reverse, counts as a difference of at least 1.
 */
export const PROOF_SQL = `
with scope as materialized (
  select * from portfolios
  where case when $1 = '*' then true else id = any (case when $1 = '*' then '{}' else $1 end::uuid[]) end
),
fold as materialized (
  select scope.id as portfolio_id, folded.* from scope, fold_executions(scope.id) folded
),
-- A trade ends where a position comes to zero; its profit or loss is after commissions.
trades as (
  select portfolio_id, realised_pnl - commission as pnl from fold where quantity = 0
),
-- Everything that moved cash, by its place in the ledger.
entries as materialized (
  select portfolio_id, sequence, sum(cash_change) as cash, 0 as deposit, 0 as withdrawal,
         sum(realised_change) as realised, sum(commission_change) as commission, sum(cost_change) as cost
  from fold group by portfolio_id, sequence
  union all
  select portfolio_id, sequence, case kind when 'DEPOSIT' then amount else -amount end,
         case kind when 'DEPOSIT' then amount else 0 end, case kind when 'WITHDRAWAL' then amount else 0 end, 0, 0, 0
  from cash_movements where portfolio_id in (select id from scope)
),
running as materialized (
  select portfolio_id, sequence,
         sum(cash) over ledger as cash, sum(deposit) over ledger as deposits, sum(withdrawal) over ledger as withdrawals,
         sum(realised) over ledger as realised_pnl, sum(commission) over ledger as commissions, sum(cost) over ledger as cost_basis
  from entries window ledger as (partition by portfolio_id order by sequence)
),
recomputed_portfolios as (
  select scope.id,
         coalesce(last.cash, 0) as cash, coalesce(last.deposits, 0) as deposits, coalesce(last.withdrawals, 0) as withdrawals,
         coalesce(last.realised_pnl, 0) as realised_pnl, coalesce(last.commissions, 0) as commissions,
         coalesce(last.sequence, 0) as last_sequence,
         (select count(*) from entries where portfolio_id = scope.id) as entries,
         (select count(*) from trades where portfolio_id = scope.id) as trade_count,
         (select count(*) from trades where portfolio_id = scope.id and pnl > 0) as win_count,
         (select count(*) from trades where portfolio_id = scope.id and pnl < 0) as loss_count,
         (select coalesce(sum(pnl), 0) from trades where portfolio_id = scope.id and pnl > 0) as gross_profit,
         (select coalesce(sum(pnl), 0) from trades where portfolio_id = scope.id and pnl < 0) as gross_loss
  from scope left join lateral (
    select * from running where portfolio_id = scope.id order by sequence desc limit 1
  ) last on true
),
recomputed_positions as (
  select distinct on (position_id) * from fold order by position_id, sequence desc
),
recomputed_orders as (
  select portfolio_id, order_id, sum(quantity) as filled_quantity, sum(divide_half_even(quantity * price * multiplier, 1)) as filled_notional,
         sum(commission) as commission
  from executions where portfolio_id in (select id from scope) group by portfolio_id, order_id
),
figures as (
  select stored.id as portfolio_id, 'portfolio' as of, stored.id, pair.*
  from scope stored join recomputed_portfolios fold on fold.id = stored.id, lateral (values
    ('cash', stored.cash, fold.cash),
    ('deposits', stored.deposits, fold.deposits),
    ('withdrawals', stored.withdrawals, fold.withdrawals),
    ('realised P&L', stored.realised_pnl, fold.realised_pnl),
    ('commissions', stored.commissions, fold.commissions),
    ('trades', stored.trade_count, fold.trade_count),
    ('won', stored.win_count, fold.win_count),
    ('lost', stored.loss_count, fold.loss_count),
    ('gross profit', stored.gross_profit, fold.gross_profit),
    ('gross loss', stored.gross_loss, fold.gross_loss),
    ('last sequence', stored.last_sequence, fold.last_sequence)
  ) as pair (figure, stored, recomputed)
  union all
  select id, 'ledger', id, 'entries without a gap', last_sequence, entries from recomputed_portfolios
  union all
  select coalesce(stored.portfolio_id, fold.portfolio_id), 'position', coalesce(stored.id, fold.position_id), pair.*
  from (select * from positions where portfolio_id in (select id from scope)) stored
  full join recomputed_positions fold on fold.position_id = stored.id, lateral (values
    ('quantity', stored.quantity, fold.quantity),
    ('cost basis', stored.cost_basis, fold.cost_basis),
    ('realised P&L', stored.realised_pnl, fold.realised_pnl),
    ('commission', stored.commission, fold.commission),
    ('invested', stored.invested, fold.invested),
    ('largest value', stored.max_value, fold.max_value)
  ) as pair (figure, stored, recomputed)
  union all
  -- Nothing recomputed is 0 for an order without a fill; an order that is missing stays a difference.
  select coalesce(stored.portfolio_id, fold.portfolio_id), 'order', coalesce(stored.id, fold.order_id), pair.*
  from (select * from orders where portfolio_id in (select id from scope)) stored
  full join recomputed_orders fold on fold.order_id = stored.id and fold.portfolio_id = stored.portfolio_id, lateral (values
    ('filled quantity', stored.filled_quantity, coalesce(fold.filled_quantity, 0)),
    ('filled notional', stored.filled_notional, coalesce(fold.filled_notional, 0)),
    ('commission', stored.commission, coalesce(fold.commission, 0))
  ) as pair (figure, stored, recomputed)
  union all
  select stored.portfolio_id, 'snapshot', stored.id, pair.*
  from portfolio_snapshots stored
  left join running fold on fold.portfolio_id = stored.portfolio_id and fold.sequence = stored.sequence, lateral (values
    ('cash', stored.cash, coalesce(fold.cash, 0)),
    ('deposits', stored.deposits, coalesce(fold.deposits, 0)),
    ('withdrawals', stored.withdrawals, coalesce(fold.withdrawals, 0)),
    ('realised P&L', stored.realised_pnl, coalesce(fold.realised_pnl, 0)),
    ('commissions', stored.commissions, coalesce(fold.commissions, 0)),
    ('cost basis', stored.cost_basis, coalesce(fold.cost_basis, 0))
  ) as pair (figure, stored, recomputed)
  where stored.portfolio_id in (select id from scope)
),
compared as (
  select figures.*, coalesce(abs(stored - recomputed), greatest(abs(coalesce(stored, recomputed)), 1)) as difference from figures
),
totals as (
  select count(*)::int as checked, trim_scale(coalesce(sum(difference), 0))::text as total from compared
)
select compared.portfolio_id, scope.name as portfolio, compared.of, compared.id, compared.figure,
       case compared.of when 'position' then (select symbol from positions where id = compared.id) end as symbol,
       trim_scale(compared.stored)::text as stored, trim_scale(compared.recomputed)::text as recomputed,
       trim_scale(compared.difference)::text as difference, totals.checked, totals.total
from totals, compared join scope on scope.id = compared.portfolio_id
where compared.of = 'portfolio' or compared.difference <> 0
   or (compared.of = 'position' and compared.id in (select id from positions where closed_at is null))
order by scope.opened_at, scope.id, compared.of, compared.id, compared.figure`;

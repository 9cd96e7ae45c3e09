-- For who asks with psql or from another program. Both read tables alone, and say what the domain says of the same rows.

-- The orders of a portfolio that may still be filled, oldest first; the predicate is that of orders_active_idx.
create function active_orders(of_portfolio uuid) returns setof orders
language sql stable as $$
  select * from orders
  where portfolio_id = of_portfolio and status in ('PENDING', 'SUBMITTED', 'PARTIALLY_FILLED')
  order by created_at, id
$$;
--> statement-breakpoint
-- What each position of a portfolio comes to at the last mark of its symbol, oldest first. Without a mark nobody knows what an
-- open one is worth: then it is null. A closed one needs none.
create function position_pnl(of_portfolio uuid) returns table (
  position_id uuid,
  symbol text,
  quantity numeric,
  mark_price numeric,
  market_value numeric,
  unrealised_pnl numeric,
  realised_pnl numeric,
  commission numeric,
  total_pnl numeric
)
language sql stable as $$
  select positions.id, positions.symbol, positions.quantity, marks.price, valued.market_value,
         valued.market_value - positions.cost_basis, positions.realised_pnl, positions.commission,
         valued.market_value - positions.cost_basis + positions.realised_pnl - positions.commission
  from positions
  left join marks on marks.symbol = positions.symbol
  cross join lateral (
    select case when positions.quantity = 0 then 0
                else divide_half_even(positions.quantity * marks.price * positions.multiplier, 1) end as market_value
  ) as valued
  where positions.portfolio_id = of_portfolio
  order by positions.opened_at, positions.id
$$;

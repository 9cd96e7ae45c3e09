\set portfolio random(1, :portfolios)
\set place random(1, 20)
\set number CASE WHEN :portfolio = 1 THEN :place ELSE :first + (:place - 1) * 49 + :portfolio - 1 END
\set made random(1, 1000000000000000)
begin;
select last_sequence + 1 as sequence, id as portfolio_id, 1 + :made::bigint % 9 + 0.000000001 as quantity,
    10 + :made::bigint % 5 + 0.123456789 as price from portfolios
  where id = ('01700000-0000-7000-8000-' || lpad((:portfolio)::text, 12, '0'))::uuid for no key update \gset
select id as order_id, symbol from orders
  where id = ('01800000-0000-7000-8000-' || lpad((:number)::text, 12, '0'))::uuid for no key update \gset
select id as position_id from positions
  where portfolio_id = :portfolio_id::uuid and symbol = :symbol and closed_at is null for no key update \gset
insert into executions (id, portfolio_id, sequence, order_id, venue, broker_execution_id, symbol, side, quantity, price, multiplier,
    commission, currency, executed_at, recorded_at)
  values (uuidv7(), :portfolio_id::uuid, :sequence, :order_id::uuid, 'XNAS', 'N-' || :made::bigint, :symbol, 'BUY',
    :quantity::numeric, :price::numeric, 1, 0.35, 'USD', now(), now());
update orders set filled_quantity = filled_quantity + :quantity::numeric,
    filled_notional = filled_notional + :quantity::numeric * :price::numeric, commission = commission + 0.35, version = version + 1
  where id = :order_id::uuid;
update positions set quantity = quantity + :quantity::numeric, cost_basis = cost_basis + :quantity::numeric * :price::numeric,
    commission = commission + 0.35, invested = invested + :quantity::numeric * :price::numeric,
    max_value = greatest(max_value, (quantity + :quantity::numeric) * :price::numeric), version = version + 1
  where id = :position_id::uuid;
update portfolios set cash = cash - :quantity::numeric * :price::numeric - 0.35, commissions = commissions + 0.35,
    last_sequence = :sequence, version = version + 1
  where id = :portfolio_id::uuid;
commit;

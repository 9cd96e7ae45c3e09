\set number random(1, 1000000000)
\set portfolio random(1, :portfolios)
insert into orders (id, portfolio_id, client_order_id, symbol, side, quantity, type, limit_price, time_in_force, multiplier, currency,
    tags, status, filled_quantity, filled_notional, commission, created_at, version)
  select id, ('01700000-0000-7000-8000-' || lpad((:portfolio)::text, 12, '0'))::uuid, id::text, 'SYM1', 'BUY',
    1 + :number % 500 + 0.000000000000000001, 'LIMIT', 50.25, 'DAY', 1, 'USD', '{}', 'PENDING', 0, 0, 0, now(), 1
  from uuidv7() as id;

\set made random(1, 1000000000000000)
insert into orders (id, portfolio_id, client_order_id, symbol, side, quantity, type, limit_price, time_in_force, multiplier, currency,
    tags, status, filled_quantity, filled_notional, commission, created_at, version)
  select uuidv7(), ('01700000-0000-7000-8000-' || lpad((made % 50 + 1)::text, 12, '0'))::uuid, 'N-' || made, 'SYM' || (made - 1) % 20 + 1,
    'BUY', 1 + made % 500 + 0.000000000000000001, 'LIMIT', 50 + made % 100 + 0.25, 'DAY', 1, 'USD', '{}', 'PENDING', 0, 0, 0, now(), 1
  from (select :made::bigint as made) as number;

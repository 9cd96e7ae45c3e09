-- numerator / denominator to 18 decimals, ties to the even neighbour. PostgreSQL's round() breaks ties away from zero,
-- and its / has a scale of its own choice; div() is an exact integer division, so this is exact until its one rounding.
create function divide_half_even(numerator numeric, denominator numeric) returns numeric
language plpgsql immutable strict as $$
declare
  d numeric := abs(denominator);
  n numeric := abs(numerator) * 1000000000000000000;
  quotient numeric := div(n, d);
  twice numeric := 2 * (n - quotient * d);
begin
  if twice > d or (twice = d and mod(quotient, 2) = 1) then
    quotient := quotient + 1;
  end if;
  return sign(numerator) * sign(denominator) * quotient * 0.000000000000000001;
end
$$;
--> statement-breakpoint
-- The book of a portfolio from nothing but its executions, by sequence: a row for each execution and position that it
-- touched (two where it crossed zero), with what it did and what the position was afterwards.
-- Written from the definitions in docs/decisions, not from the TypeScript: the two are each other's proof.
create function fold_executions(of_portfolio uuid) returns table (
  sequence bigint,
  symbol text,
  position_id uuid,
  cash_change numeric,
  realised_change numeric,
  commission_change numeric,
  cost_change numeric,
  quantity numeric,
  cost_basis numeric,
  realised_pnl numeric,
  commission numeric,
  invested numeric,
  max_value numeric
)
language plpgsql stable as $$
declare
  execution record;
  signed_quantity numeric;
  signed_notional numeric;
  closing numeric;
  closing_notional numeric;
  closing_commission numeric;
  released numeric;
begin
  for execution in
    select * from executions where executions.portfolio_id = of_portfolio order by executions.symbol, executions.sequence
  loop
    if symbol is distinct from execution.symbol then
      quantity := 0;
    end if;
    symbol := execution.symbol;
    sequence := execution.sequence;
    signed_quantity := case execution.side when 'BUY' then execution.quantity else -execution.quantity end;
    signed_notional := divide_half_even(signed_quantity * execution.price * execution.multiplier, 1);

    -- What lies on this side of zero: nothing when the execution opens or enlarges, all of it when it does not cross.
    closing := case
      when quantity * signed_quantity >= 0 then 0
      when abs(signed_quantity) <= abs(quantity) then signed_quantity
      else -quantity
    end;
    closing_notional := divide_half_even(signed_notional * closing, signed_quantity);
    closing_commission := divide_half_even(execution.commission * closing, signed_quantity);

    if closing <> 0 then
      released := case when quantity + closing = 0 then cost_basis else divide_half_even(cost_basis * -closing, quantity) end;
      quantity := quantity + closing;
      cost_basis := cost_basis - released;
      cash_change := -closing_notional - closing_commission;
      realised_change := -closing_notional - released;
      commission_change := closing_commission;
      cost_change := -released;
      realised_pnl := realised_pnl + realised_change;
      commission := commission + commission_change;
      max_value := greatest(max_value, abs(divide_half_even(quantity * execution.price * execution.multiplier, 1)));
      return next;
    end if;

    if signed_quantity <> closing then
      if quantity = 0 then
        position_id := execution.id;
        cost_basis := 0;
        realised_pnl := 0;
        commission := 0;
        invested := 0;
        max_value := 0;
      end if;
      quantity := quantity + signed_quantity - closing;
      cash_change := -(signed_notional - closing_notional) - (execution.commission - closing_commission);
      realised_change := 0;
      commission_change := execution.commission - closing_commission;
      cost_change := signed_notional - closing_notional;
      cost_basis := cost_basis + cost_change;
      commission := commission + commission_change;
      invested := invested + abs(cost_change);
      -- An opening part keeps the notional that was left for it; anything larger is valued at the price.
      max_value := greatest(
        max_value,
        case when position_id = execution.id then abs(cost_change)
             else abs(divide_half_even(quantity * execution.price * execution.multiplier, 1)) end
      );
      return next;
    end if;
  end loop;
end
$$;

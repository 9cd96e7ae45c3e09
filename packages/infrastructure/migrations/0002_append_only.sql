-- Executions, cash movements and snapshots are facts: they are added, and never changed or removed.
create function refuse_change() returns trigger
language plpgsql as $$
begin
  raise exception using
    errcode = 'restrict_violation',
    message = 'facts are append-only',
    table = tg_table_name,
    constraint = tg_table_name || '_append_only';
end
$$;
--> statement-breakpoint
create trigger executions_append_only before update or delete or truncate on executions
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger cash_movements_append_only before update or delete or truncate on cash_movements
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger portfolio_snapshots_append_only before update or delete or truncate on portfolio_snapshots
  for each statement execute function refuse_change();
--> statement-breakpoint
-- A position has the id of the execution that opened it; with that execution it stays.
create function refuse_removal_of_history() returns trigger
language plpgsql as $$
begin
  if exists (select from executions where executions.id = old.id) then
    raise exception using
      errcode = 'foreign_key_violation',
      message = 'the position has executions',
      table = tg_table_name,
      constraint = 'positions_have_history';
  end if;
  return old;
end
$$;
--> statement-breakpoint
create trigger positions_have_history before delete on positions
  for each row execute function refuse_removal_of_history();

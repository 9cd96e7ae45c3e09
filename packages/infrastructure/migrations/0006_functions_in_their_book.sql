-- A function looks for tables where its caller looks, and psql looks in public: of a book in a schema of its own it found
-- nothing there, and a position with executions could be deleted. So those that read tables look in the schema that they
-- are in. The others (require_one, which every update calls) need none, and stay without what such a setting costs a call.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
--> statement-breakpoint
alter function refuse_removal_of_history() set search_path from current;
--> statement-breakpoint
alter function fold_executions(uuid) set search_path from current;
--> statement-breakpoint
alter function active_orders(uuid) set search_path from current;
--> statement-breakpoint
alter function position_pnl(uuid) set search_path from current;

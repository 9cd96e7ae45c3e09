alter function position_pnl(uuid) reset search_path;
--> statement-breakpoint
alter function active_orders(uuid) reset search_path;
--> statement-breakpoint
alter function fold_executions(uuid) reset search_path;
--> statement-breakpoint
alter function refuse_removal_of_history() reset search_path;

drop trigger positions_have_history on positions;
--> statement-breakpoint
drop function refuse_removal_of_history();
--> statement-breakpoint
drop trigger portfolio_snapshots_append_only on portfolio_snapshots;
--> statement-breakpoint
drop trigger cash_movements_append_only on cash_movements;
--> statement-breakpoint
drop trigger executions_append_only on executions;
--> statement-breakpoint
drop function refuse_change();

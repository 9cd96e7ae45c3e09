drop function position_pnl(uuid);
--> statement-breakpoint
drop function active_orders(uuid);

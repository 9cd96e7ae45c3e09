drop function fold_executions(uuid);
--> statement-breakpoint
drop function divide_half_even(numeric, numeric);

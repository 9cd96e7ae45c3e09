-- blotter: loss the rows of executions
-- blotter: loss the rows of marks
-- blotter: loss the rows of orders
-- blotter: loss the rows of cash_movements
-- blotter: loss the rows of portfolios
-- blotter: loss the rows of positions
-- blotter: loss the rows of portfolio_snapshots
ALTER TABLE "executions" DROP CONSTRAINT "executions_portfolio_fkey";
--> statement-breakpoint
ALTER TABLE "executions" DROP CONSTRAINT "executions_order_fkey";
--> statement-breakpoint
ALTER TABLE "orders" DROP CONSTRAINT "orders_portfolio_fkey";
--> statement-breakpoint
ALTER TABLE "cash_movements" DROP CONSTRAINT "cash_movements_portfolio_fkey";
--> statement-breakpoint
ALTER TABLE "positions" DROP CONSTRAINT "positions_portfolio_fkey";
--> statement-breakpoint
ALTER TABLE "portfolio_snapshots" DROP CONSTRAINT "portfolio_snapshots_portfolio_fkey";
--> statement-breakpoint
DROP TABLE "executions";
--> statement-breakpoint
DROP TABLE "marks";
--> statement-breakpoint
DROP TABLE "orders";
--> statement-breakpoint
DROP TABLE "cash_movements";
--> statement-breakpoint
DROP TABLE "portfolios";
--> statement-breakpoint
DROP TABLE "positions";
--> statement-breakpoint
DROP TABLE "portfolio_snapshots";
--> statement-breakpoint
DROP TYPE "public"."order_side";
--> statement-breakpoint
DROP TYPE "public"."order_status";
--> statement-breakpoint
DROP TYPE "public"."order_type";
--> statement-breakpoint
DROP TYPE "public"."time_in_force";
--> statement-breakpoint
DROP TYPE "public"."cash_movement_kind";

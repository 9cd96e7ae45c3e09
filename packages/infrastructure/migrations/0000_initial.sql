CREATE TYPE "public"."order_side" AS ENUM('BUY', 'SELL');--> statement-breakpoint
CREATE TYPE "public"."order_status" AS ENUM('PENDING', 'SUBMITTED', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED');--> statement-breakpoint
CREATE TYPE "public"."order_type" AS ENUM('MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT');--> statement-breakpoint
CREATE TYPE "public"."time_in_force" AS ENUM('DAY', 'GTC', 'IOC', 'FOK');--> statement-breakpoint
CREATE TYPE "public"."cash_movement_kind" AS ENUM('DEPOSIT', 'WITHDRAWAL');--> statement-breakpoint
CREATE TABLE "executions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"portfolio_id" uuid NOT NULL,
	"sequence" bigint NOT NULL,
	"order_id" uuid NOT NULL,
	"venue" text NOT NULL,
	"broker_execution_id" text NOT NULL,
	"symbol" text NOT NULL,
	"side" "order_side" NOT NULL,
	"quantity" numeric(38, 18) NOT NULL,
	"price" numeric(38, 18) NOT NULL,
	"multiplier" numeric(38, 18) NOT NULL,
	"commission" numeric(38, 18) NOT NULL,
	"currency" text NOT NULL,
	"executed_at" timestamp(6) with time zone NOT NULL,
	"recorded_at" timestamp(6) with time zone NOT NULL,
	CONSTRAINT "executions_broker_execution_key" UNIQUE("portfolio_id","venue","symbol","side","broker_execution_id"),
	CONSTRAINT "executions_sequence_key" UNIQUE("portfolio_id","sequence"),
	CONSTRAINT "executions_quantity_check" CHECK (quantity > 0 and price >= 0 and multiplier > 0),
	CONSTRAINT "executions_sequence_check" CHECK (sequence >= 1)
);
--> statement-breakpoint
CREATE TABLE "marks" (
	"symbol" text PRIMARY KEY NOT NULL,
	"price" numeric(38, 18) NOT NULL,
	"at" timestamp(6) with time zone NOT NULL,
	CONSTRAINT "marks_price_check" CHECK (price >= 0)
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"portfolio_id" uuid NOT NULL,
	"client_order_id" text NOT NULL,
	"broker_order_id" text,
	"symbol" text NOT NULL,
	"side" "order_side" NOT NULL,
	"quantity" numeric(38, 18) NOT NULL,
	"type" "order_type" NOT NULL,
	"limit_price" numeric(38, 18),
	"stop_price" numeric(38, 18),
	"time_in_force" time_in_force NOT NULL,
	"multiplier" numeric(38, 18) NOT NULL,
	"currency" text NOT NULL,
	"strategy" text,
	"tags" jsonb NOT NULL,
	"status" "order_status" NOT NULL,
	"filled_quantity" numeric(38, 18) NOT NULL,
	"filled_notional" numeric(38, 18) NOT NULL,
	"commission" numeric(38, 18) NOT NULL,
	"reason" text,
	"created_at" timestamp(6) with time zone NOT NULL,
	"submitted_at" timestamp(6) with time zone,
	"filled_at" timestamp(6) with time zone,
	"closed_at" timestamp(6) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "orders_client_order_id_key" UNIQUE("portfolio_id","client_order_id"),
	CONSTRAINT "orders_id_portfolio_key" UNIQUE("id","portfolio_id","symbol","side"),
	CONSTRAINT "orders_quantity_check" CHECK (quantity > 0 and multiplier > 0),
	CONSTRAINT "orders_terms_check" CHECK ((limit_price is not null) = (type in ('LIMIT', 'STOP_LIMIT')) and (stop_price is not null) = (type in ('STOP', 'STOP_LIMIT')) and limit_price > 0 is not false and stop_price > 0 is not false),
	CONSTRAINT "orders_filled_check" CHECK (filled_quantity >= 0 and (status = 'FILLED') = (filled_quantity >= quantity) and (status <> 'PARTIALLY_FILLED' or filled_quantity > 0) and (status not in ('PENDING', 'SUBMITTED') or filled_quantity = 0)),
	CONSTRAINT "orders_version_check" CHECK (version >= 1)
);
--> statement-breakpoint
CREATE TABLE "cash_movements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"portfolio_id" uuid NOT NULL,
	"sequence" bigint NOT NULL,
	"kind" "cash_movement_kind" NOT NULL,
	"amount" numeric(38, 18) NOT NULL,
	"currency" text NOT NULL,
	"at" timestamp(6) with time zone NOT NULL,
	CONSTRAINT "cash_movements_sequence_key" UNIQUE("portfolio_id","sequence"),
	CONSTRAINT "cash_movements_amount_check" CHECK (amount > 0),
	CONSTRAINT "cash_movements_sequence_check" CHECK (sequence >= 1)
);
--> statement-breakpoint
CREATE TABLE "portfolios" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"currency" text NOT NULL,
	"strategy" text,
	"tags" jsonb NOT NULL,
	"max_position_value" numeric(38, 18),
	"max_open_positions" integer,
	"max_leverage" numeric(38, 18),
	"max_risk_per_order" numeric(38, 18),
	"cash" numeric(38, 18) NOT NULL,
	"deposits" numeric(38, 18) NOT NULL,
	"withdrawals" numeric(38, 18) NOT NULL,
	"realised_pnl" numeric(38, 18) NOT NULL,
	"commissions" numeric(38, 18) NOT NULL,
	"trade_count" integer NOT NULL,
	"win_count" integer NOT NULL,
	"loss_count" integer NOT NULL,
	"gross_profit" numeric(38, 18) NOT NULL,
	"gross_loss" numeric(38, 18) NOT NULL,
	"last_sequence" bigint NOT NULL,
	"opened_at" timestamp(6) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "portfolios_name_key" UNIQUE("name"),
	CONSTRAINT "portfolios_id_currency_key" UNIQUE("id","currency"),
	CONSTRAINT "portfolios_counts_check" CHECK (trade_count >= 0 and win_count >= 0 and loss_count >= 0 and win_count + loss_count <= trade_count),
	CONSTRAINT "portfolios_flows_check" CHECK (deposits >= 0 and withdrawals >= 0 and gross_profit >= 0 and gross_loss <= 0),
	CONSTRAINT "portfolios_sequence_check" CHECK (last_sequence >= 0),
	CONSTRAINT "portfolios_version_check" CHECK (version >= 1)
);
--> statement-breakpoint
CREATE TABLE "positions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"portfolio_id" uuid NOT NULL,
	"symbol" text NOT NULL,
	"currency" text NOT NULL,
	"multiplier" numeric(38, 18) NOT NULL,
	"quantity" numeric(38, 18) NOT NULL,
	"cost_basis" numeric(38, 18) NOT NULL,
	"realised_pnl" numeric(38, 18) NOT NULL,
	"commission" numeric(38, 18) NOT NULL,
	"invested" numeric(38, 18) NOT NULL,
	"max_value" numeric(38, 18) NOT NULL,
	"stop_loss" numeric(38, 18),
	"take_profit" numeric(38, 18),
	"strategy" text,
	"tags" jsonb NOT NULL,
	"opened_at" timestamp(6) with time zone NOT NULL,
	"closed_at" timestamp(6) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "positions_closed_check" CHECK ((quantity = 0) = (closed_at is not null) and (quantity <> 0 or cost_basis = 0)),
	CONSTRAINT "positions_cost_basis_check" CHECK (sign(cost_basis) in (0, sign(quantity))),
	CONSTRAINT "positions_amounts_check" CHECK (multiplier > 0 and invested >= 0 and max_value >= 0),
	CONSTRAINT "positions_stops_check" CHECK (stop_loss > 0 is not false and take_profit > 0 is not false),
	CONSTRAINT "positions_version_check" CHECK (version >= 1)
);
--> statement-breakpoint
CREATE TABLE "portfolio_snapshots" (
	"id" uuid PRIMARY KEY NOT NULL,
	"portfolio_id" uuid NOT NULL,
	"taken_at" timestamp(6) with time zone NOT NULL,
	"sequence" bigint NOT NULL,
	"currency" text NOT NULL,
	"cash" numeric(38, 18) NOT NULL,
	"deposits" numeric(38, 18) NOT NULL,
	"withdrawals" numeric(38, 18) NOT NULL,
	"realised_pnl" numeric(38, 18) NOT NULL,
	"commissions" numeric(38, 18) NOT NULL,
	"cost_basis" numeric(38, 18) NOT NULL,
	"market_value" numeric(38, 18) NOT NULL,
	"open_positions" integer NOT NULL,
	"unmarked_positions" integer NOT NULL,
	CONSTRAINT "portfolio_snapshots_moment_key" UNIQUE("portfolio_id","taken_at"),
	CONSTRAINT "portfolio_snapshots_identity_check" CHECK (cash = deposits - withdrawals + realised_pnl - commissions - cost_basis),
	CONSTRAINT "portfolio_snapshots_counts_check" CHECK (sequence >= 0 and unmarked_positions between 0 and open_positions)
);
--> statement-breakpoint
ALTER TABLE "executions" ADD CONSTRAINT "executions_portfolio_fkey" FOREIGN KEY ("portfolio_id","currency") REFERENCES "public"."portfolios"("id","currency") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "executions" ADD CONSTRAINT "executions_order_fkey" FOREIGN KEY ("order_id","portfolio_id","symbol","side") REFERENCES "public"."orders"("id","portfolio_id","symbol","side") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_portfolio_fkey" FOREIGN KEY ("portfolio_id","currency") REFERENCES "public"."portfolios"("id","currency") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cash_movements" ADD CONSTRAINT "cash_movements_portfolio_fkey" FOREIGN KEY ("portfolio_id","currency") REFERENCES "public"."portfolios"("id","currency") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "positions" ADD CONSTRAINT "positions_portfolio_fkey" FOREIGN KEY ("portfolio_id","currency") REFERENCES "public"."portfolios"("id","currency") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portfolio_snapshots" ADD CONSTRAINT "portfolio_snapshots_portfolio_fkey" FOREIGN KEY ("portfolio_id","currency") REFERENCES "public"."portfolios"("id","currency") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "executions_order_idx" ON "executions" USING btree ("order_id","sequence","id");--> statement-breakpoint
CREATE UNIQUE INDEX "orders_broker_order_id_key" ON "orders" USING btree ("portfolio_id","broker_order_id") WHERE broker_order_id is not null;--> statement-breakpoint
CREATE INDEX "orders_active_idx" ON "orders" USING btree ("portfolio_id","created_at","id") WHERE status in ('PENDING', 'SUBMITTED', 'PARTIALLY_FILLED');--> statement-breakpoint
CREATE INDEX "orders_created_at_idx" ON "orders" USING btree ("portfolio_id","created_at","id");--> statement-breakpoint
CREATE INDEX "orders_symbol_idx" ON "orders" USING btree ("portfolio_id","symbol","created_at","id");--> statement-breakpoint
CREATE INDEX "orders_status_idx" ON "orders" USING btree ("portfolio_id","status","created_at","id");--> statement-breakpoint
CREATE INDEX "portfolios_opened_at_idx" ON "portfolios" USING btree ("opened_at","id");--> statement-breakpoint
CREATE INDEX "portfolios_strategy_idx" ON "portfolios" USING btree ("strategy","opened_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "positions_open_key" ON "positions" USING btree ("portfolio_id","symbol") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "positions_open_idx" ON "positions" USING btree ("portfolio_id","opened_at","id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "positions_closed_idx" ON "positions" USING btree ("portfolio_id","opened_at","id") WHERE closed_at is not null;--> statement-breakpoint
CREATE INDEX "positions_opened_at_idx" ON "positions" USING btree ("portfolio_id","opened_at","id");--> statement-breakpoint
CREATE INDEX "positions_symbol_idx" ON "positions" USING btree ("portfolio_id","symbol","opened_at","id");--> statement-breakpoint
CREATE INDEX "positions_strategy_idx" ON "positions" USING btree ("portfolio_id","strategy","opened_at","id");
-- blotter: loss the data of portfolio_snapshots.marks
ALTER TABLE "portfolio_snapshots" DROP CONSTRAINT "portfolio_snapshots_marks_check";
--> statement-breakpoint
ALTER TABLE "portfolio_snapshots" DROP COLUMN "marks";

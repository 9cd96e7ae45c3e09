import { BlotterError } from '@blotter/domain';
import { Database, DatabaseConfig, proveBook } from '@blotter/infrastructure';

/** `npm run prove`: recomputes the book of DATABASE_URL from its executions and cash movements. Exits with 1 where they disagree. */
async function main(): Promise<void> {
  const database = await Database.connect(DatabaseConfig.fromEnvironment(process.env, { minPoolSize: 1 }));
  try {
    const proof = await proveBook(database);
    for (const { portfolio, of, id, figure, stored, recomputed } of proof.mismatches) {
      process.stdout.write(
        `${portfolio}: ${figure} of ${of} ${id} is ${stored ?? 'missing'}, recomputed ${recomputed ?? 'missing'}\n`,
      );
    }
    process.stdout.write(`${proof.checked} figures recomputed, difference ${proof.difference}\n`);
    if (proof.mismatches.length > 0) process.exitCode = 1;
  } finally {
    await database.close();
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof BlotterError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

import { Portfolio, type NewPortfolio } from '@blotter/domain';
import { CommandConflictError } from '../errors.js';
import type { UnitOfWork } from '../transactions/unit-of-work.js';

/**
 * Opens a portfolio without cash. The same command again returns the portfolio as it is now.
 * @throws CommandConflictError when the id belongs to a portfolio of another name or currency; DuplicateError for a name that is taken
 */
export async function openPortfolio(unit: UnitOfWork, command: NewPortfolio): Promise<Portfolio> {
  const opened = Portfolio.open(command);
  // Under lock: a COMMIT that has locked nothing waits for no standby, and would confirm a row that only this server has.
  const present = await unit.portfolios.findForUpdate(opened.id);
  if (!present) return unit.portfolios.save(opened);
  if (present.name !== opened.name || present.currency !== opened.currency) {
    throw new CommandConflictError('portfolio', opened.id);
  }
  return present;
}

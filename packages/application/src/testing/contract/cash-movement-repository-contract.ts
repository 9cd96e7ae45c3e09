import { CashMovementId, Money, PortfolioId, type CashMovement, type Portfolio } from '@blotter/domain';
import { expect } from 'vitest';
import { describeContract, type BookHarness, type ContractCase, type MakeHarness } from './contract-case.js';
import { expectError, expectList, readBothWays, transact } from './expectations.js';
import { anyDeposit } from './ledger-samples.js';
import { afterNoon, anyPortfolio, LONGEST, randomId, SMALLEST, usd } from './samples.js';

/** What every CashMovementRepository does. */
export function cashMovementRepositoryContract(makeHarness: MakeHarness, name = 'CashMovementRepository'): void {
  describeContract(name, cashMovementRepositoryCases(), makeHarness);
}

export function cashMovementRepositoryCases(): ContractCase[] {
  return [
    {
      name: 'gives back every kind of movement exactly as it was added',
      async run(harness) {
        const portfolio = await opened(harness);
        const movements = [
          anyDeposit(portfolio, { amount: usd(LONGEST), at: afterNoon(123_456) }),
          anyDeposit(portfolio, { kind: 'WITHDRAWAL', amount: usd(SMALLEST), sequence: 2 }),
          anyDeposit(portfolio, { sequence: Number.MAX_SAFE_INTEGER }),
        ];
        await add(harness, ...movements);
        await readBothWays(harness, async ({ cashMovements }) => {
          for (const movement of movements) expect(await cashMovements.find(movement.id)).toEqual(movement);
          expect(await cashMovements.find(CashMovementId.of(randomId()))).toBeUndefined();
        });
      },
    },
    {
      name: 'refuses a second movement under an id or a place in the ledger',
      async run(harness) {
        const portfolio = await opened(harness);
        const { id } = anyDeposit(portfolio);
        await add(harness, anyDeposit(portfolio, { id }));
        const sameId = add(harness, anyDeposit(portfolio, { id, sequence: 2 }));
        await expectError(sameId, 'DUPLICATE', { entity: 'cash movement', id, key: 'cash movement id' });
        const samePlace = anyDeposit(portfolio);
        const fields = { entity: 'cash movement', id: samePlace.id, key: 'cash movement sequence', repeatable: true };
        await expectError(add(harness, samePlace), 'DUPLICATE', fields);
      },
    },
    {
      name: 'refuses a movement of a portfolio that is not there, or in another currency than its own',
      async run(harness) {
        await expectError(add(harness, anyDeposit(anyPortfolio())), 'INTEGRITY');
        const euros = anyDeposit(await opened(harness), { amount: Money.of(1, 'EUR') });
        await expectError(add(harness, euros), 'INTEGRITY');
      },
    },
    {
      name: 'lists the movements of a portfolio by sequence',
      async run(harness) {
        const [portfolio, other] = [await opened(harness), await opened(harness)];
        const movements = [10, 2, 1, 11].map((sequence) => anyDeposit(portfolio, { sequence }));
        await add(harness, ...movements, anyDeposit(other));
        const sorted = [...movements].sort((a, b) => a.sequence - b.sequence);
        await readBothWays(harness, async ({ cashMovements }) => {
          await expectList((page) => cashMovements.list(portfolio.id, page), sorted);
          await expectList((page) => cashMovements.list(PortfolioId.of(randomId()), page), []);
        });
      },
    },
  ];
}

function opened(harness: BookHarness): Promise<Portfolio> {
  return transact(harness, (unit) => unit.portfolios.save(anyPortfolio()));
}

function add(harness: BookHarness, ...movements: CashMovement[]): Promise<void> {
  return transact(harness, (unit) => {
    for (const movement of movements) unit.cashMovements.add(movement);
  });
}

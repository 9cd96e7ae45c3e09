import { CashMovementId, Currency, Money, PortfolioId } from '@blotter/domain';
import { expect } from 'vitest';
import { Blotter } from '../../blotter.js';
import type { ContractCase } from './contract-case.js';
import { A_WHILE_MS, expectError, isSettledWithin } from './expectations.js';
import { expectExactBook } from './recomputed-book.js';
import { randomId, usd } from './samples.js';
import { newPortfolio, TradingDesk } from './trading-desk.js';

export const cashCases: ContractCase[] = [
  {
    name: 'opens a portfolio without cash',
    async run({ factory, read }) {
      const command = newPortfolio();
      const opened = await new Blotter(factory).openPortfolio(command);
      expect(opened).toMatchObject({ ...command, version: 1, cash: usd(0) });
      expect(await read.portfolios.get(command.id)).toEqual(opened);
    },
  },
  {
    name: 'opens a portfolio once, however often the command comes, and returns it as it is now',
    async run({ factory }) {
      const blotter = new Blotter(factory);
      const command = newPortfolio();
      const opened = await Promise.all(Array.from({ length: 5 }, () => blotter.openPortfolio(command)));
      expect(new Set(opened.map(({ version }) => version))).toEqual(new Set([1]));
      const movement = { portfolioId: command.id, amount: usd(5), at: command.openedAt };
      await blotter.deposit({ ...movement, id: CashMovementId.of(randomId()) });
      expect(await blotter.openPortfolio(command)).toMatchObject({ version: 2, cash: usd(5) });
    },
  },
  {
    name: 'waits for whoever changes the portfolio when the command to open it comes again',
    async run({ factory }) {
      const blotter = new Blotter(factory);
      const command = newPortfolio();
      const opened = await blotter.openPortfolio(command);
      await using holder = factory.begin();
      expect(await holder.portfolios.findForUpdate(command.id)).toEqual(opened);
      const again = blotter.openPortfolio(command);
      expect(await isSettledWithin(A_WHILE_MS, again)).toBe(false);
      await holder.rollback();
      expect(await again).toEqual(opened);
    },
  },
  {
    name: 'refuses to open a portfolio under an id that stands for another, or under a name that is taken',
    async run({ factory }) {
      const blotter = new Blotter(factory);
      const command = newPortfolio();
      await blotter.openPortfolio(command);
      const conflict = { entity: 'portfolio', id: command.id };
      const renamed = { ...command, name: newPortfolio().name };
      await expectError(blotter.openPortfolio(renamed), 'COMMAND_CONFLICT', conflict);
      const euros = { ...command, currency: Currency.of('EUR') };
      await expectError(blotter.openPortfolio(euros), 'COMMAND_CONFLICT', conflict);
      const namesake = { ...newPortfolio(), name: command.name };
      await expectError(blotter.openPortfolio(namesake), 'DUPLICATE', { key: 'portfolio name' });
    },
  },
  {
    name: 'books deposits and withdrawals, each with its place in the ledger',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const withdrawn = await desk.blotter.withdraw(desk.movement('2500.50'));
      expect(withdrawn).toMatchObject({ kind: 'WITHDRAWAL', sequence: 2 });
      expect(await harness.read.cashMovements.find(withdrawn.id)).toEqual(withdrawn);
      const { cash, deposits, withdrawals } = await desk.portfolio();
      expect([cash, deposits, withdrawals]).toEqual([usd('7499.5'), usd(10_000), usd('2500.5')]);
      await expectExactBook(harness.read, desk.portfolioId);
    },
  },
  {
    name: 'books a movement once, however often the command comes',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const command = desk.movement(100);
      const booked = await Promise.all(Array.from({ length: 5 }, () => desk.blotter.deposit(command)));
      expect(new Set(booked.map(({ sequence }) => sequence))).toEqual(new Set([2]));
      expect(await desk.blotter.deposit(command)).toEqual(booked[0]);
      expect((await desk.portfolio()).cash).toEqual(usd(10_100));
    },
  },
  {
    name: 'refuses a movement under an id that stands for another amount, kind or portfolio',
    async run(harness) {
      const [desk, other] = [await TradingDesk.open(harness), await TradingDesk.open(harness)];
      const command = desk.movement(100);
      await desk.blotter.deposit(command);
      const conflict = { entity: 'cash movement', id: command.id };
      await expectError(desk.blotter.deposit({ ...command, amount: usd(101) }), 'COMMAND_CONFLICT', conflict);
      await expectError(desk.blotter.withdraw(command), 'COMMAND_CONFLICT', conflict);
      const { portfolioId } = other;
      await expectError(desk.blotter.deposit({ ...command, portfolioId }), 'COMMAND_CONFLICT', conflict);
    },
  },
  {
    name: 'refuses a withdrawal above the cash, an amount of nothing or in another currency, and an unknown portfolio',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const { blotter } = desk;
      const id = desk.portfolioId;
      await expectError(blotter.withdraw(desk.movement('10000.01')), 'INSUFFICIENT_CASH', { entity: 'portfolio', id });
      await expectError(blotter.deposit(desk.movement(0)), 'MUST_BE_POSITIVE');
      const euros = { ...desk.movement(1), amount: Money.of(1, 'EUR') };
      await expectError(blotter.deposit(euros), 'CURRENCY_MISMATCH');
      const nowhere = { ...desk.movement(1), portfolioId: PortfolioId.of(randomId()) };
      await expectError(blotter.deposit(nowhere), 'NOT_FOUND', { entity: 'portfolio', id: nowhere.portfolioId });
      expect((await desk.portfolio()).lastSequence).toBe(1);
    },
  },
  {
    name: 'never lets withdrawals at the same time take more than there is',
    async run(harness) {
      const desk = await TradingDesk.open(harness);
      const withdrawing = Array.from({ length: 8 }, () => desk.blotter.withdraw(desk.movement(3_000)));
      const results = await Promise.allSettled(withdrawing);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
      expect((await desk.portfolio()).cash).toEqual(usd(1_000));
      await expectExactBook(harness.read, desk.portfolioId);
    },
  },
];

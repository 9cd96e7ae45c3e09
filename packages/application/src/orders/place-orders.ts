import {
  hasLimits,
  type ClientOrderId,
  type Order,
  type OrderId,
  type Portfolio,
  type PortfolioId,
  type Position,
  type Ticker,
} from '@blotter/domain';
import { NotFoundError } from '../errors.js';
import { HoldingsWatch } from '../portfolios/holdings-watch.js';
import { inParts, oneOfEach, sortedIds } from '../transactions/look-up.js';
import { settled, valuesOf } from '../transactions/settled.js';
import type { UnitOfWork } from '../transactions/unit-of-work.js';
import { checkedCommand, checkLimits, newOrder, type CheckedCommand, type PlaceOrder } from './place-order.js';

/**
 * Places many orders, of one portfolio or of several, as `placeOrder` would one after the other, in a few round trips: each is judged
 * by what those before it have made. When it throws, the unit is not to be committed: all of them are placed, or none.
 * @returns the orders, in the order of the commands
 * @throws as placeOrder: the error of the first command that has one
 */
export async function placeOrders(unit: UnitOfWork, commands: readonly PlaceOrder[]): Promise<Order[]> {
  return valuesOf(await settleOrders(unit, commands));
}

/** {@link placeOrders}, each command with an outcome of its own: one that is refused leaves nothing, and the others stand. */
export async function settleOrders(
  unit: UnitOfWork,
  commands: readonly PlaceOrder[],
): Promise<PromiseSettledResult<Order>[]> {
  const checked = commands.map((command) => settled(() => checkedCommand(command)));
  const good = checked.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const book = await lockBook(unit, good);
  return checked.map((outcome) =>
    outcome.status === 'fulfilled' ? settled(() => place(unit, outcome.value, book)) : outcome,
  );
}

/** What the commands are about, as those before them have left it. */
interface LockedBook {
  readonly portfolios: Map<PortfolioId, Portfolio>;
  readonly orders: Map<OrderId, Order>;
  readonly byClientId: Map<string, Order>;
  /** Open positions. */
  readonly held: Map<string, Position>;
  /** Active orders in a symbol, at least one of each multiplier that a command would have to agree with. */
  readonly active: Map<string, Order[]>;
  /** Of the portfolios that have limits. */
  readonly watches: Map<PortfolioId, HoldingsWatch>;
}

/** Behind the portfolios' locks nothing that is read here changes before the orders are stored. */
async function lockBook(unit: UnitOfWork, commands: readonly CheckedCommand[]): Promise<LockedBook> {
  const symbols = oneOfEach(commands, symbolKey);
  const multipliers = oneOfEach(commands, (command) => `${symbolKey(command)} ${command.multiplier.toString()}`);
  const [portfolios, orders, sameClientIds, positions, otherwiseOrdered] = await Promise.all([
    inParts(sortedIds(commands.map(({ portfolioId }) => portfolioId)), (ids) => unit.portfolios.findAllForUpdate(ids)),
    inParts(commands, (part) => unit.orders.findAll(part.map(({ id }) => id))),
    inParts(commands, (part) => unit.orders.findAllByClientOrderId(part)),
    inParts(symbols, (part) => unit.positions.findAllOpenForUpdate(part)),
    inParts(multipliers, (part) => unit.orders.findAllActiveWithOtherMultiplier(part)),
  ]);
  const watches = new Map<PortfolioId, HoldingsWatch>();
  for (const { id } of portfolios.filter(({ limits }) => hasLimits(limits))) {
    const ordered = symbols.filter(({ portfolioId }) => portfolioId === id).map(({ symbol }) => symbol);
    watches.set(id, await HoldingsWatch.read(unit, id, ordered));
  }
  const book: LockedBook = {
    portfolios: new Map(portfolios.map((portfolio) => [portfolio.id, portfolio])),
    orders: new Map(orders.map((order) => [order.id, order])),
    byClientId: new Map(sameClientIds.map((order) => [clientKey(order), order])),
    held: new Map(positions.map((position) => [symbolKey(position), position])),
    active: new Map(),
    watches,
  };
  for (const order of otherwiseOrdered) activate(order, book);
  return book;
}

function place(unit: UnitOfWork, command: CheckedCommand, book: LockedBook): Order {
  const portfolio = book.portfolios.get(command.portfolioId);
  if (!portfolio) throw new NotFoundError('portfolio', command.portfolioId);
  const present = book.orders.get(command.id);
  const order = newOrder(command, portfolio, {
    present,
    sameClientId: book.byClientId.get(clientKey(command)),
    held: book.held.get(symbolKey(command)),
    otherwiseOrdered: book.active
      .get(symbolKey(command))
      ?.find(({ multiplier }) => !multiplier.equals(command.multiplier)),
  });
  if (order === present) return order;
  const watch = book.watches.get(portfolio.id);
  if (watch) checkLimits(portfolio, order, command.stopLoss, watch.exposure(portfolio), watch.markOf(order.symbol));
  const saved = unit.orders.save(order);
  book.orders.set(saved.id, saved);
  book.byClientId.set(clientKey(saved), saved);
  activate(saved, book);
  watch?.order(saved);
  return saved;
}

/** Orders that agree are kept once. */
function activate(order: Order, { active }: LockedBook): void {
  const present = active.get(symbolKey(order)) ?? [];
  if (present.some(({ multiplier }) => multiplier.equals(order.multiplier))) return;
  active.set(symbolKey(order), [...present, order]);
}

function clientKey(order: { readonly portfolioId: PortfolioId; readonly clientOrderId: ClientOrderId }): string {
  return `${order.portfolioId} ${order.clientOrderId}`;
}

function symbolKey(order: { readonly portfolioId: PortfolioId; readonly symbol: Ticker }): string {
  return `${order.portfolioId} ${order.symbol}`;
}

"""The book by psycopg 3: a pool, and one statement after another, as the Python original does it."""

import queue
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal

import psycopg
from psycopg.rows import dict_row

PORTFOLIOS, FILLING, ACTIVE, SNAPSHOTS = 50, 20, 50, 3650
ORDER_COLUMNS = (
    "id, portfolio_id, client_order_id, symbol, side, quantity, type, limit_price, time_in_force, multiplier, currency, tags, status,"
    " filled_quantity, filled_notional, commission, created_at, version"
)
INSERT_ORDER = (
    f"insert into orders ({ORDER_COLUMNS})"
    " values (%s, %s, %s, %s, 'BUY', %s, 'LIMIT', %s, 'DAY', 1, 'USD', '{}', 'PENDING', 0, 0, 0, %s, 1)"
)
UPSERT_ORDER = (
    f"insert into orders ({ORDER_COLUMNS}, broker_order_id, submitted_at)"
    " values (%s, %s, %s, %s, 'BUY', %s, 'LIMIT', %s, 'DAY', 1, 'USD', '{}', 'SUBMITTED', 0, 0, 0, %s, %s, %s, %s)"
    " on conflict (id) do update set status = excluded.status, broker_order_id = excluded.broker_order_id,"
    " submitted_at = excluded.submitted_at, filled_quantity = excluded.filled_quantity,"
    " filled_notional = excluded.filled_notional, commission = excluded.commission, version = excluded.version"
)


class Ids:
    """What is new has ids behind those of the filled book, in the order of time."""

    def __init__(self):
        self.lock = threading.Lock()
        self.made = 0
        self.started = f"{time.time_ns() // 1_000_000:012x}"

    def next(self):
        """An id, a UUID of version 7, and its number."""
        with self.lock:
            self.made += 1
            return f"{self.started[:8]}-{self.started[8:]}-7000-8000-{self.made:012d}", self.made


IDS = Ids()


def order_id(number):
    return f"01800000-0000-7000-8000-{number:012d}"


def portfolio_id(number):
    return f"01700000-0000-7000-8000-{number:012d}"


def order_number(orders, portfolio, place):
    return place if portfolio == 1 else orders // 5 + (place - 1) * (PORTFOLIOS - 1) + portfolio - 1


def created_at(number):
    return datetime(2015, 1, 1, tzinfo=timezone.utc) + timedelta(minutes=number)


def new_order():
    made_id, made = IDS.next()
    return (
        made_id,
        portfolio_id(made % PORTFOLIOS + 1),
        f"N-{made}",
        f"SYM{(made - 1) % FILLING + 1}",
        Decimal(f"{1 + made % 500}.000000000000000001"),
        Decimal(f"{50 + made % 100}.25"),
        created_at(made),
    )


def submitted(order, version):
    """The order as its broker has it, for UPSERT_ORDER: behind its time of creation come the version, the broker's id and the time."""
    return (*order, version, f"B-{order[2]}", order[-1])


class Book:
    def __init__(self, url, sessions):
        self.connections = queue.LifoQueue()
        for _ in range(sessions):
            self.connections.put(psycopg.connect(url, autocommit=True, row_factory=dict_row))

    @contextmanager
    def connection(self):
        connection = self.connections.get()
        try:
            yield connection
        finally:
            self.connections.put(connection)

    def close(self):
        while not self.connections.empty():
            self.connections.get().close()

    def rows(self, query, *values):
        with self.connection() as connection:
            return connection.execute(query, values).fetchall()

    def find_order(self, number):
        return self.rows("select * from orders where id = %s", order_id(number))[0]

    def active_orders(self, portfolio):
        return self.rows(
            "select * from orders where portfolio_id = %s and status in ('PENDING', 'SUBMITTED', 'PARTIALLY_FILLED')"
            " order by created_at, id limit 100",
            portfolio_id(portfolio),
        )

    def orders_page(self, start):
        if start is None:
            return self.rows("select * from orders where portfolio_id = %s order by created_at, id limit 100", portfolio_id(1))
        return self.rows(
            "select * from orders where portfolio_id = %s and (created_at, id) > (%s, %s) order by created_at, id limit 100",
            portfolio_id(1),
            start["createdAt"],
            start["id"],
        )

    def portfolio_with_positions(self, number):
        portfolio = self.rows("select * from portfolios where id = %s", portfolio_id(number))
        positions = self.rows(
            "select positions.*, marks.price, marks.at from positions left join marks using (symbol)"
            " where portfolio_id = %s and closed_at is null order by opened_at, id",
            portfolio_id(number),
        )
        return portfolio, positions

    def snapshots(self):
        return self.rows("select * from portfolio_snapshots where portfolio_id = %s order by taken_at", portfolio_id(1))

    def stream_orders(self):
        with self.connection() as connection, connection.transaction(), connection.cursor("stream") as cursor:
            cursor.itersize = 1000
            cursor.execute("select * from orders")
            return sum(1 for _ in cursor)

    def add_order(self):
        with self.connection() as connection:
            connection.execute(INSERT_ORDER, new_order())

    def write_orders(self, statement, orders):
        with self.connection() as connection, connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(statement, orders)

    def record_fill(self, orders, portfolios):
        execution_id, made = IDS.next()
        number, place = made % portfolios + 1, made // portfolios % FILLING + 1
        portfolio_key, order_key, symbol = portfolio_id(number), order_id(order_number(orders, number, place)), f"SYM{place}"
        quantity, price, commission = Decimal(f"{1 + made % 9}.000000001"), Decimal(f"{10 + made % 5}.123456789"), Decimal("0.35")
        notional = quantity * price
        with self.connection() as connection, connection.transaction():
            run = connection.execute
            portfolio = run("select * from portfolios where id = %s for no key update", (portfolio_key,)).fetchone()
            order = run("select * from orders where id = %s for no key update", (order_key,)).fetchone()
            position = run(
                "select * from positions where portfolio_id = %s and symbol = %s and closed_at is null for no key update",
                (portfolio_key, symbol),
            ).fetchone()
            sequence = portfolio["last_sequence"] + 1
            at = created_at(10_000_000 + made % 1_000_000)
            run(
                "insert into executions (id, portfolio_id, sequence, order_id, venue, broker_execution_id, symbol, side, quantity, price,"
                " multiplier, commission, currency, executed_at, recorded_at)"
                " values (%s, %s, %s, %s, 'XNAS', %s, %s, 'BUY', %s, %s, 1, %s, 'USD', %s, %s)",
                (execution_id, portfolio_key, sequence, order_key, f"N-{made}", symbol, quantity, price, commission, at, at),
            )
            filled = order["filled_quantity"] + quantity
            run(
                "update orders set status = %s, filled_quantity = %s, filled_notional = %s, commission = %s, version = %s where id = %s",
                (
                    "FILLED" if filled >= order["quantity"] else "PARTIALLY_FILLED",
                    filled,
                    order["filled_notional"] + notional,
                    order["commission"] + commission,
                    order["version"] + 1,
                    order_key,
                ),
            )
            held = position["quantity"] + quantity
            value = (held * price).quantize(Decimal("1e-18"), ROUND_HALF_EVEN)
            run(
                "update positions set quantity = %s, cost_basis = %s, commission = %s, invested = %s, max_value = %s, version = %s"
                " where id = %s",
                (
                    held,
                    position["cost_basis"] + notional,
                    position["commission"] + commission,
                    position["invested"] + notional,
                    max(position["max_value"], value),
                    position["version"] + 1,
                    position["id"],
                ),
            )
            run(
                "update portfolios set cash = %s, commissions = %s, last_sequence = %s, version = %s where id = %s",
                (
                    portfolio["cash"] - notional - commission,
                    portfolio["commissions"] + commission,
                    sequence,
                    portfolio["version"] + 1,
                    portfolio_key,
                ),
            )

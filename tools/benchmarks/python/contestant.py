"""The process of the Python contestant: it speaks the benchmark's protocol (src/contestants/protocol.ts), a JSON object a line."""

import json
import resource
import sys
import threading
import time
from decimal import Context, Decimal, setcontext

LOADING = time.perf_counter()
from book import ACTIVE, FILLING, INSERT_ORDER, SNAPSHOTS, UPSERT_ORDER, Book, new_order, submitted  # noqa: E402: how long it loads is measured

IMPORT_MS = (time.perf_counter() - LOADING) * 1000

# Exact in Python's own decimals: none of them is rounded on the way.
EXACT = Context(prec=100)


def expect(what, count):
    if len(what) != count:
        raise RuntimeError(f"It read {len(what)} rows instead of {count}.")


def scatter(bound):
    state = 88_172_645
    lock = threading.Lock()

    def following():
        nonlocal state
        with lock:
            state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
            return (state >> 8) % bound + 1

    return following


def find_order(book, task):
    number = task["orders"]
    known = Decimal(f"{100 + number % 900}.123456789012345{number % 1000:03d}")
    if book.find_order(number)["quantity"] != known:
        raise RuntimeError("It lost digits of a quantity.")
    following = scatter(task["orders"])
    return lambda: book.find_order(following()) and 1


def active_orders(book, task):
    expect(book.active_orders(1), ACTIVE)
    following = scatter(task["portfolios"])
    return lambda: book.active_orders(following()) and 1


def orders_page(book, task):
    start = task.get("pageStart")
    expect(book.orders_page(start), 100)
    return lambda: book.orders_page(start) and 1


def portfolio_with_positions(book, task):
    expect(book.portfolio_with_positions(1)[1], FILLING)
    following = scatter(task["portfolios"])
    return lambda: book.portfolio_with_positions(following()) and 1


def snapshots(book, _task):
    expect(book.snapshots(), SNAPSHOTS)
    return lambda: book.snapshots() and 1


def stream_orders(book, task):
    def piece():
        count = book.stream_orders()
        if count != task["orders"]:
            raise RuntimeError(f"It read {count} orders instead of {task['orders']}.")
        return count

    return piece


def add_order(book, _task):
    def piece():
        book.add_order()
        return 1

    return piece


def record_fill(book, task):
    def piece():
        book.record_fill(task["orders"], task["portfolios"])
        return 1

    return piece


def save_orders(book, task):
    orders = [new_order() for _ in range(task["amount"])]

    def piece():
        book.write_orders(INSERT_ORDER, orders)
        return len(orders)

    return piece


def upsert_orders(book, task):
    orders = [new_order() for _ in range(task["amount"])]
    book.write_orders(INSERT_ORDER, orders[::2])

    mixed = [submitted(order, 2 if index % 2 == 0 else 1) for index, order in enumerate(orders)]

    def piece():
        book.write_orders(UPSERT_ORDER, mixed)
        return len(orders)

    return piece


OPERATIONS = {
    "findOrder": find_order,
    "activeOrders": active_orders,
    "ordersPage": orders_page,
    "portfolioWithPositions": portfolio_with_positions,
    "snapshots": snapshots,
    "streamOrders": stream_orders,
    "addOrder": add_order,
    "recordFill": record_fill,
    "saveOrders": save_orders,
    "upsertOrders": upsert_orders,
}


def memory_mb():
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 1_048_576


def run(book, task):
    """One round: so many threads at once, each with one piece of work after another, and each with one at least."""
    piece = OPERATIONS[task["operation"]](book, task)
    done, failures = [], []
    cpu, began = time.process_time(), time.perf_counter()

    def caller():
        setcontext(EXACT)
        operations = 0
        try:
            while True:
                operations += piece()
                if (time.perf_counter() - began) * 1000 >= task["forMs"]:
                    break
        except Exception as error:  # noqa: BLE001: it is reported
            failures.append(error)
        done.append(operations)

    threads = [threading.Thread(target=caller) for _ in range(task["tasks"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return {
        "operations": sum(done),
        "seconds": time.perf_counter() - began,
        "clientCpuSeconds": time.process_time() - cpu,
        "memoryMb": memory_mb(),
    }


def perform(books, request):
    if request["do"] == "open":
        books[request["book"]] = Book(request["url"], request["sessions"])
        return {"operations": list(OPERATIONS), "memoryMb": memory_mb()}
    if request["do"] == "run":
        return run(books[request["book"]], request)
    books.pop(request["book"]).close()
    return {}


def main():
    setcontext(EXACT)
    books = {}
    print(json.dumps({"importMs": IMPORT_MS}), flush=True)
    for line in sys.stdin:
        try:
            answer = perform(books, json.loads(line))
        except Exception as error:  # noqa: BLE001: it is the answer
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
    for book in books.values():
        book.close()


main()

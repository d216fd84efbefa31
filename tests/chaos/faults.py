"""What can befall an installation. Each fault says whom it hit."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

import psycopg
import redis

from core.embedded.processes import command_line
from tests.chaos.product import Product

Fault = Callable[[Product, random.Random], str]
FAULTS: dict[str, Fault] = {}
LONGEST_OUTAGE = 20  # seconds


def fault(name: str) -> Callable[[Fault], Fault]:
    def keep(function: Fault) -> Fault:
        FAULTS[name] = function
        return function

    return keep


def send(pids: Iterable[int | None], number: signal.Signals) -> str:
    """Send a signal to those that still live; returns whom."""
    hit = []
    for pid in pids:
        with suppress(ProcessLookupError):
            if pid:
                os.kill(pid, number)
                hit.append(str(pid))
    return f"{number.name} {' '.join(hit) or 'nobody'}"


def freeze(pids: list[int | None], seconds: float) -> str:
    """Stop processes for a while, as a machine that swaps does."""
    hit = send(pids, signal.SIGSTOP)
    time.sleep(seconds)
    send(pids, signal.SIGCONT)
    return f"{hit} for {seconds:.1f} s"


def one_of(pids: list[int], chance: random.Random) -> list[int | None]:
    return [chance.choice(pids)] if pids else []


def children_of(parent: int | None) -> list[int]:
    """The processes that a process has started."""
    if parent is None:
        return []
    with suppress(OSError), open(f"/proc/{parent}/task/{parent}/children") as known:
        return [int(word) for word in known.read().split()]
    return []


def _kill(name: str, *, which: slice, number: signal.Signals) -> Fault:
    def hit(product: Product, chance: random.Random) -> str:
        return send(one_of(product.pids()[name][which], chance), number)

    return hit


FIRST, OTHERS = slice(0, 1), slice(1, None)
for _name, _which, _what in (
    ("web", FIRST, "master"),
    ("web", OTHERS, "process"),
    ("worker", FIRST, "master"),
    ("worker", OTHERS, "process"),
):
    for _signal in (signal.SIGKILL, signal.SIGTERM):
        FAULTS[f"{_name} {_what} {_signal.name}"] = _kill(_name, which=_which, number=_signal)
FAULTS["beat SIGKILL"] = _kill("beat", which=FIRST, number=signal.SIGKILL)


@fault("web frozen")
def freeze_web(product: Product, chance: random.Random) -> str:
    return freeze(one_of(product.pids()["web"], chance), chance.uniform(2, 6))


@fault("worker frozen")
def freeze_worker(product: Product, chance: random.Random) -> str:
    return freeze(one_of(product.pids()["worker"], chance), chance.uniform(2, 6))


@fault("database killed")
def kill_database(product: Product, chance: random.Random) -> str:
    return send([product.postgres()], signal.SIGKILL)


@fault("database backend killed")
def crash_database(product: Product, chance: random.Random) -> str:
    """PostgreSQL ends all others, too, and recovers."""
    clients = [pid for pid in children_of(product.postgres()) if "crm crm" in command_line(pid)]
    return send(one_of(clients, chance), signal.SIGKILL)


@fault("database stopped")
def stop_database(product: Product, chance: random.Random) -> str:
    return send([product.postgres()], chance.choice([signal.SIGINT, signal.SIGQUIT]))


@fault("database frozen")
def freeze_database(product: Product, chance: random.Random) -> str:
    server = product.postgres()
    return freeze([server, *children_of(server)], chance.uniform(2, 5))


@fault("database connections cut")
def cut_connections(product: Product, chance: random.Random) -> str:
    sql = """
        SELECT pid FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY pid
    """
    try:
        pids = [row[0] for row in product.ask(sql)]
        chosen = [pid for pid in pids if chance.random() < 0.6]
        product.ask("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", chosen)
    except psycopg.Error as error:
        return f"nobody: {type(error).__name__}"
    return f"{len(chosen)} of {len(pids)}"


@fault("broker killed")
def kill_broker(product: Product, chance: random.Random) -> str:
    return send([product.broker()], chance.choice([signal.SIGKILL, signal.SIGTERM]))


@fault("broker frozen")
def freeze_broker(product: Product, chance: random.Random) -> str:
    return freeze([product.broker()], chance.uniform(3, 9))


@fault("broker down for a while")
def keep_broker_down(product: Product, chance: random.Random) -> str:
    """Whenever it is back it is killed again."""
    seconds = chance.uniform(10, LONGEST_OUTAGE)
    deadline, kills = time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        if pid := product.broker():
            send([pid], signal.SIGKILL)
            kills += 1
        time.sleep(0.2)
    return f"for {seconds:.0f} s, {kills} times"


@fault("broker connections cut")
def cut_broker(product: Product, chance: random.Random) -> str:
    try:
        with redis.Redis.from_url(product.services.valkey.url(), socket_timeout=3) as client:
            return f"{client.client_kill_filter(_type='normal', skipme=True)} cut"
    except redis.RedisError as error:
        return f"nobody: {type(error).__name__}"


@fault("everything killed")
def kill_all(product: Product, chance: random.Random) -> str:
    """As when the power fails: bin/start, its programs, the services."""
    process = product.process
    everybody = [pid for pids in product.pids().values() for pid in pids]
    first = [process.pid if process else None]
    return send([*first, *everybody, product.postgres(), product.broker()], signal.SIGKILL)


@fault("bin/start killed")
def kill_supervisor(product: Product, chance: random.Random) -> str:
    process = product.process
    return send([process.pid if process else None], signal.SIGKILL)

"""Deals out faults: all of them in some order, then all of them in another."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator

from tests.chaos.faults import FAULTS
from tests.chaos.product import Product

WHOLE = {"web": 3, "worker": 3, "beat": 1}  # processes of a program that works
PAUSE = (3.0, 9.0)  # seconds between two faults
LONGEST_WAIT = 120.0  # seconds until the next one happens to what is there


def dealt(seed: int) -> Iterator[tuple[float, str, random.Random]]:
    """Pause, fault and what it draws from; the same for a seed."""
    chance = random.Random(f"{seed}/faults")
    number = 0
    while True:
        names = sorted(FAULTS)
        chance.shuffle(names)
        for name in names:
            number += 1
            yield chance.uniform(*PAUSE), name, random.Random(f"{seed}/fault {number}")


def kill_until(product: Product, *, seed: int, over: threading.Event) -> Counter[str]:
    """Let faults happen until it is over; prints a line for each. Returns how often each did."""
    done: Counter[str] = Counter()
    begun = time.monotonic()
    for pause, name, chance in dealt(seed):
        if over.wait(pause):
            return done
        wait_for_life(product)
        at = time.monotonic() - begun
        what = FAULTS[name](product, chance)
        done[name] += 1
        print(f"{at:7.1f} s  {name}: {what}", flush=True)
    return done


def wait_for_life(product: Product) -> None:
    """Wait a while for all to work again: what never gets up cannot fall."""
    deadline = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < deadline:
        pids = product.pids()
        if all(len(pids[name]) >= number for name, number in WHOLE.items()) and product.is_ready():
            return
        time.sleep(0.2)

"""`python -m tests.chaos --minutes 3 --seed 7`: exit status 1 if anything is lost or doubled."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.chaos.calling import Client
from tests.chaos.desk import Desk, House
from tests.chaos.founding import found
from tests.chaos.killing import kill_until
from tests.chaos.ledger import Ledger
from tests.chaos.product import Product, forget_surroundings
from tests.chaos.receivers import Hook, Mailbox
from tests.chaos.report import show
from tests.chaos.settling import settle
from tests.chaos.verdict import Evidence, violations
from tests.chaos.writers import WRITERS
from tests.chaos.writers.imports import CRON_TOKEN

TENANTS = ("north", "south")
HURRY, PATIENT = 150, 1800  # seconds to settle


def main() -> int:
    options = read_options()
    forget_surroundings()
    print(f"seed {options.seed}, {options.minutes} minutes, {options.writers} writers", flush=True)
    begun = time.monotonic()
    mailbox, hook = Mailbox(f"{options.seed}/mail"), Hook(f"{options.seed}/hook")
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.chmod(0o711)  # PostgreSQL may run as another account
    product = Product(folder, environment(mailbox))
    try:
        with product.looked_after():
            return run(product, mailbox, hook, options, begun)
    finally:
        product.services.postgres.discard()
        if options.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def run(
    product: Product, mailbox: Mailbox, hook: Hook, options: argparse.Namespace, begun: float
) -> int:
    """Start, let things go wrong, wait until all has settled, and judge; the exit status."""
    product.wait_ready()
    houses = [found(product, slug, hook) for slug in TENANTS]
    said(begun, "ready")
    ledger = Ledger()
    kills = torment(product, houses, ledger, options)
    said(begun, "the faults are over")
    product.wait_ready()
    hook.is_moody = mailbox.is_moody = False
    patience = PATIENT if options.patient else HURRY
    left = settle(product, hurry=not options.patient, seconds=patience)
    said(begun, "settled")
    return judge(Evidence(product, ledger, mailbox, hook, left), kills, begun)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=3, help="how long things go wrong")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--writers", type=int, default=6, help="people who write at a time")
    parser.add_argument(
        "--patient",
        action="store_true",
        help="wait for second attempts as long as they take, instead of putting clocks forward",
    )
    parser.add_argument("--keep", action="store_true", help="leave the data directory behind")
    return parser.parse_args()


def environment(mailbox: Mailbox) -> dict[str, str]:
    """How the product is configured, beyond what bin/start does."""
    return {
        "CRM_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "CRM_EMAIL_HOST": "127.0.0.1",
        "CRM_EMAIL_PORT": str(mailbox.port),
        "CRM_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
        "CRM_CRON_TOKEN": CRON_TOKEN,
        "CRM_TRUSTED_PROXIES": "1",  # each visitor of a form has an address of their own
        "CRM_ANALYTICS_SYNC_MINUTES": "1",
    }


def torment(
    product: Product, houses: list[House], ledger: Ledger, options: argparse.Namespace
) -> Counter[str]:
    """Let people write, and faults happen, for so long; returns the faults."""
    over = threading.Event()
    people = [
        threading.Thread(target=work, args=(desk, over))
        for desk in (
            Desk(
                number,
                house,
                Client(product.url, house.token, house.slug, ledger),
                ledger,
                options.seed,
            )
            for number, house in ((n, houses[n % len(houses)]) for n in range(options.writers))
        )
    ]
    timer = threading.Timer(options.minutes * 60, over.set)
    for thread in (*people, timer):
        thread.start()
    try:
        kills = kill_until(product, seed=options.seed, over=over)
    finally:
        over.set()
        for thread in people:
            thread.join()
    return kills


def work(desk: Desk, over: threading.Event) -> None:
    """Do one thing after the other until it is over; what was begun is finished."""
    while not over.is_set():
        desk.next_step()
        writer = desk.chance.choices(list(WRITERS), list(WRITERS.values()))[0]
        try:
            writer(desk)
        except Exception:
            desk.ledger.blame(
                f"{writer.__name__}-{desk.number}-{desk.step}: " + traceback.format_exc(limit=-3)
            )


def judge(case: Evidence, kills: Counter[str], begun: float) -> int:
    found = list(violations(case))
    show(case.ledger, kills, case.product, case.mailbox, case.hook)
    said(begun, "judged")
    for line in found:
        print(f"WRONG: {line}")
    print(f"verdict: {f'{len(found)} violations' if found else 'nothing lost, nothing doubled'}")
    return 1 if found else 0


def said(begun: float, words: str) -> None:
    print(f"== {words} after {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())

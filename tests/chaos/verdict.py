"""Is everything as it must be? Each line of the answer is something that is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.chaos.counting import lost_or_doubled, misplaced, wrong_imports
from tests.chaos.ledger import Ledger
from tests.chaos.messages import (
    unclear,
    wrong_campaigns,
    wrong_invitations,
    wrong_mails,
    wrong_webhooks,
)
from tests.chaos.product import Product
from tests.chaos.receivers import Hook, Mailbox

PEOPLE_SEE_TO_IT = "no message is given up or unclear"


@dataclass
class Evidence:
    product: Product
    ledger: Ledger
    mailbox: Mailbox
    hook: Hook
    left: dict[str, int]


def violations(case: Evidence) -> Iterator[str]:
    """What is lost, doubled or wrong, by id."""
    yield from (f"still waits: {number} of {name}" for name, number in case.left.items())
    for kind, fault in case.ledger.faults.items():
        yield f"{case.ledger.times[kind]} times: {fault}"
    yield from lost_or_doubled(case.product, case.ledger)
    yield from misplaced(case.product, case.ledger)
    yield from wrong_imports(case.product, case.ledger)
    yield from wrong_webhooks(case.product, case.ledger, case.hook)
    yield from wrong_mails(case.product, case.mailbox)
    yield from wrong_campaigns(case.product, case.ledger)
    yield from wrong_invitations(case.product, case.ledger)
    yield from _commands(case.product)


def _commands(product: Product) -> Iterator[str]:
    """What the product says of itself, once the dashboard is up to date."""
    checks = [("verify_analytics",), ("check_integrity",)]
    yield from _ask(product, "sync_analytics")
    with ThreadPoolExecutor() as together:
        doctor = together.submit(lambda: list(_doctor(product)))
        for found in together.map(lambda words: list(_ask(product, *words)), checks):
            yield from found
        yield from doctor.result()


def _ask(product: Product, *words: str) -> Iterator[str]:
    done = product.manage(*words)
    if done.returncode:
        yield f"{' '.join(words)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


def _doctor(product: Product) -> Iterator[str]:
    """What the doctor finds; mails that are unclear it must list, all of them and no others."""
    done = product.manage("crm_doctor", "--json")
    try:
        facts = json.loads(done.stdout[: done.stdout.rindex("}") + 1])
    except ValueError:
        yield f"crm_doctor: {done.stdout[-500:]}{done.stderr[-2000:]}"
        return
    listed = facts.pop(PEOPLE_SEE_TO_IT)
    numbers = sum(int(each["what"].split()[0].replace(",", "")) for each in listed)
    if numbers != unclear(product):
        yield f"crm_doctor lists {numbers} unclear mails, there are {unclear(product)}: {listed}"
    for name, findings in facts.items():
        yield from (f"crm_doctor: {name}: {each['what']}" for each in findings)

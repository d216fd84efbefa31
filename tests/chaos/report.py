"""What a run did, as tables for people."""

from __future__ import annotations

from collections import Counter

from tests.chaos.ledger import Ledger, Outcome
from tests.chaos.messages import MAILS
from tests.chaos.product import Product
from tests.chaos.receivers import Hook, Mailbox


def show(ledger: Ledger, kills: Counter[str], product: Product, box: Mailbox, hook: Hook) -> None:
    print(f"\n{'write':10} {'asked':>7} {'done':>7} {'refused':>8} {'unsure':>7} {'again':>7}")
    for kind in ledger.kinds:
        writes = list(ledger.of(kind))
        by = Counter(write.outcome for write in writes)
        again = sum(write.tries - 1 for write in writes)
        print(
            f"{kind:10} {len(writes):7} {by[Outcome.DONE]:7} {by[Outcome.REFUSED]:8}"
            f" {by[Outcome.UNSURE]:7} {again:7}"
        )
    print("answers:", dict(sorted(ledger.answers.items())), "none:", dict(ledger.unanswered))
    print("faults:", sum(kills.values()), dict(sorted(kills.items())))
    _show_messages(product, box, hook)


def _show_messages(product: Product, box: Mailbox, hook: Hook) -> None:
    letters = Counter(letter.answer or "taken, hung up" for letter in box.letters)
    ids = {call.id for call in hook.calls}
    print("letters:", dict(letters))
    print(f"webhooks: {len(hook.calls)} calls for {len(ids)} events")
    for table in (*MAILS, "sales_campaignrecipient", "accounts_webhookdelivery"):
        rows = product.ask(f"SELECT status, count(*) FROM {table} GROUP BY 1 ORDER BY 1")
        print(f"{table}: {dict(rows)}")

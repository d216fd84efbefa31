"""What was to be told to others: mails at most once, webhooks at least once under one id."""

from __future__ import annotations

from collections import Counter, defaultdict

from tests.chaos.ledger import Ledger, Outcome
from tests.chaos.product import Product
from tests.chaos.receivers import Call, Hook, Mailbox

CREATED = {
    "card": "prospect.created",
    "contact": "contact.created",
    "deal": "deal.created",
    "quote": "quote.created",
    "draft": "invoice.created",
    "payment": "payment.created",
}
DELIVERIES = """
    SELECT 'msg_' || d.id, t.slug, d.event, d.object_id, d.status FROM accounts_webhookdelivery AS d
    JOIN accounts_tenant AS t ON t.id = d.tenant_id
"""
RECIPIENTS = """
    SELECT c.subject, r.address, r.status FROM sales_campaignrecipient AS r
    JOIN sales_campaign AS c ON c.id = r.campaign_id
"""
# Table and what tells a mail to people; one that invites is one for each guest.
MAILS = {"sales_documentmail": "subject", "sales_eventmail": "name"}
INVITED = """
    SELECT e.title, count(m.id) FROM sales_event AS e
    LEFT JOIN sales_eventmail AS m ON m.event_id = e.id AND m.purpose = 'invitation'
    GROUP BY e.id
"""
# How many letters there may be of a mail, by what the product says of it.
LETTERS = {"sent": {1}, "failed": {0}, "skipped": {0}, "unclear": {0, 1}, "unknown": {0, 1}}


def wrong_webhooks(product: Product, ledger: Ledger, hook: Hook) -> list[str]:
    """Events that were lost, invented, told as something else, or told under two ids."""
    rows = {row[0]: row[1:] for row in product.ask(DELIVERIES)}
    heard: dict[str, list[Call]] = defaultdict(list)
    for call in hook.calls:
        heard[call.id].append(call)
    found = []
    for pk, (tenant, event, object_id, status) in rows.items():
        calls = heard.get(pk, [])
        if status != "sent" or not any(call.is_taken for call in calls):
            found.append(f"webhook {pk} ({event} {object_id}): {status}, heard {len(calls)} times")
        if len({(call.tenant, call.event, call.object_id, call.body) for call in calls}) > 1:
            found.append(f"webhook {pk}: told differently")
        if calls and calls[0].tenant != tenant:
            found.append(f"webhook {pk} of {tenant} was told to {calls[0].tenant}")
    found += [f"webhook {pk}: heard, and not in the books" for pk in heard.keys() - rows.keys()]
    told = Counter((tenant, event, object_id) for tenant, event, object_id, _ in rows.values())
    for kind, event in CREATED.items():
        for write in ledger.of(kind):
            times = told[write.tenant, event, write.row_id]
            if write.outcome is Outcome.DONE and times != 1:
                found.append(f"{event} {write.row_id} ({write.mark}): {times} webhooks")
    return found


def wrong_mails(product: Product, mailbox: Mailbox) -> list[str]:
    """Mails that were lost, or came twice."""
    taken = [letter for letter in mailbox.letters if letter.is_taken]
    of_documents = Counter(letter.message_id for letter in taken)
    of_campaigns = Counter((letter.subject, letter.to) for letter in taken)
    found = []
    for table, name in MAILS.items():
        sql = f"SELECT id, message_id, {name}, status FROM {table}"
        for pk, message_id, subject, status in product.ask(sql):
            number = of_documents[message_id]
            if number not in LETTERS.get(status, set()):
                found.append(f"{table} {pk} ({subject}): {status}, {number} letters")
    for subject, address, status in product.ask(RECIPIENTS):
        number = of_campaigns[subject, address]
        if number not in LETTERS.get(status, set()):
            found.append(f"campaign {subject} to {address}: {status}, {number} letters")
    return found


def wrong_campaigns(product: Product, ledger: Ledger) -> list[str]:
    """Campaigns that were sent and are not, or the other way round."""
    sent = dict(product.ask("SELECT id, status FROM sales_campaign"))
    names = dict(product.ask("SELECT name, id FROM sales_campaign"))
    found = []
    for write in ledger.of("launch"):
        status = sent.get(names.get(write.mark.replace("launch", "campaign")))
        wanted = {Outcome.DONE: {"sent", "failed"}, Outcome.REFUSED: {"draft"}}
        if status not in wanted.get(write.outcome, {status}):
            found.append(f"{write.mark}: the campaign is {status}")
    return found


def wrong_invitations(product: Product, ledger: Ledger) -> list[str]:
    """Guests who were invited and have no mail, or two; or a mail, and nobody invited them."""
    mails = dict(product.ask(INVITED))
    found = []
    for write in ledger.of("invite"):
        number = mails.get(write.mark.replace("invite", "event"), 0)
        if number != {Outcome.DONE: 1, Outcome.REFUSED: 0}.get(write.outcome, number):
            found.append(f"{write.mark}: {write.outcome.value}, {number} invitations")
    return found


def unclear(product: Product) -> int:
    """Mails of which the product says that nobody knows, or that failed: people see to them."""
    lost = "status IN ('unclear', 'failed')"
    return sum(
        int(product.ask(f"SELECT count(*) FROM {table} WHERE {lost}")[0][0]) for table in MAILS
    )

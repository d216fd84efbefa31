"""Mailed documents: what the worker sends, and what is kept of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.core import mail as outbox
from django.db.models import F

from core.tenancy import tenant_scope
from sales.models import DocumentMail
from sales.sending.tasks import send_mails
from tests.people import Person, Team
from tests.sales.contacts.contacts_of import contact
from tests.sales.documents.documents_of import (
    CONTRACTS,
    INVOICES,
    QUOTES,
    contract,
    done,
    invoice,
    quote,
)

KINDS: dict[str, tuple[Any, str]] = {
    "quote": (quote, QUOTES),
    "invoice": (invoice, INVOICES),
    "contract": (contract, CONTRACTS),
}
MARIA = "maria@client.test"


def client_of(person: Person, **fields: Any) -> int:
    """A contact with an address."""
    email = fields.pop("email", MARIA)
    known = {"first_name": "Maria", "last_name": "Lopez", "emails": [email]}
    return int(contact(person, **known, **fields)["id"])


def mailed(person: Person, kind: str, body: Any = None, **fields: Any) -> dict[str, Any]:
    """A document that waits to be mailed to Maria, as it was answered."""
    make, url = KINDS[kind]
    email = fields.pop("email", MARIA)
    contact_id = fields.pop("contact_id", None) or client_of(person, email=email)
    made = make(person, contact_id=contact_id, **fields)
    return done(person.post(f"{url}/{made['id']}/send", body))


def work(team: Team) -> list[Any]:
    """Have the worker send what waits; return every mail of the test so far."""
    send_mails(tenant_id=team.tenant.pk)
    return list(outbox.outbox)


def link_in(letter: Any) -> str:
    """The path of the link in a mail; text and HTML show the same one."""
    (found,) = re.findall(r"https?://[^/\s]+(/d/[\w-]+)", letter.body)
    assert found in letter.alternatives[0][0]
    return str(found)


def link_to(team: Team, person: Person, kind: str, **fields: Any) -> tuple[str, dict[str, Any]]:
    """The path of the link in the mail of a new document, and the document."""
    document = mailed(person, kind, **fields)
    return link_in(work(team)[-1]), document


def kept(team: Team, **columns: Any) -> DocumentMail:
    """The newest mail."""
    with tenant_scope(team.tenant.pk):
        return DocumentMail.objects.filter(**columns).order_by("-pk")[0]


def count(team: Team) -> int:
    """How many mails there are, whatever became of them."""
    with tenant_scope(team.tenant.pk):
        return int(DocumentMail.objects.count())


def time_passes(team: Team, **delta: float) -> None:
    """All that waits, or is in flight, has waited so much longer; what was sent, so much before."""
    with tenant_scope(team.tenant.pk):
        sent = DocumentMail.objects.filter(status="sent")
        sent.update(sent_at=F("sent_at") - timedelta(**delta))
        for each in DocumentMail.objects.filter(status__in=("pending", "in_flight")):
            due_at = each.due_at - timedelta(**delta)
            DocumentMail.objects.filter(pk=each.pk).update(due_at=due_at)


def delivery(person: Person, kind: str, pk: int) -> dict[str, Any]:
    """What the document's detail tells of its mail."""
    return done(person.get(f"{KINDS[kind][1]}/{pk}"))["delivery"]

"""A person asks to be forgotten: what is known of them is erased, in the history too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import pgtrigger
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Lower

from core.errors import NotFound
from core.tenancy import current_tenant
from crm_project.privacy.mentions import Mention, find_mentions, patterns_of
from crm_project.privacy.rules import DELETIONS, ERASED, UPDATES
from prospects.contacts.announcing import tell_written
from prospects.contacts.keeping import kept_people, refuse_kept
from prospects.contacts.models import Contact
from prospects.pipeline.models import Prospect
from prospects.pipeline.people import refresh_search_text

# Histories can only be added to; here alone they are changed.
APPEND_ONLY = (
    "prospects.ContactEvent:append_only",
    "prospects.ProspectEvent:append_only",
    "clients.CompanyEvent:append_only",
)
REACHED = {"email": "", "phone_code": "", "phone": ""}
MORE = {"more_emails": [], "more_phones": [], "custom_fields": {}, "city": "", "position": ""}
MINE = "tenant_id = %(tenant)s"


class Erased(NamedTuple):
    """What was done.

    :ivar contacts: ids of the person's rows.
    :ivar rows: how many rows were changed or deleted, by table.
    :ivar kept: ids of those whose name stays, as documents that must be kept name them.
    :ivar mentions: where a text still has the person's name, email or phone.
    """

    contacts: list[int]
    rows: dict[str, int]
    kept: set[int]
    mentions: list[Mention]


@transaction.atomic
def erase_person(*, email: str, keeps_documents: bool, at: datetime) -> Erased:
    """Erase the person with this address, deleted contacts included, in the tenant acted for.

    :param keeps_documents: what the law asks to keep stays with the person's name; all else goes.
    :raises NotFound: nobody has this address.
    :raises HasDocuments: documents must be kept, and `keeps_documents` does not say so.
    """
    people = _people_with(email)
    if not people:
        raise NotFound(f"Nobody has the address {email}.")
    ids = [person.pk for person in people]
    if not keeps_documents:
        refuse_kept(ids)
    kept = kept_people(ids)
    params = _parameters(people)
    _forget_names([pk for pk in ids if pk not in kept], params, at)
    rows = _apply(params)
    refresh_search_text(params["cards"])
    Contact.all_objects.filter(pk__in=ids).update(search_text="")
    _rewrite_history(params)
    tell_written(updated=ids)
    return Erased(ids, rows, kept, find_mentions(params["mentions"]))


def _people_with(email: str) -> list[Contact]:
    """The person's rows, locked; their cards first, as everybody does."""
    found = Contact.all_objects.filter(Q(email__iexact=email) | Q(more_emails__contains=[email]))
    cards = found.exclude(prospect=None).values("prospect_id")
    list(Prospect.all_objects.filter(pk__in=cards).order_by("pk").select_for_update())
    return list(found.order_by("pk").select_for_update())


def _parameters(people: list[Contact]) -> dict[str, Any]:
    ids = [person.pk for person in people]
    cards = [person.prospect_id for person in people if person.prospect_id and person.is_primary]
    shared = Contact.objects.filter(prospect_id__in=cards).exclude(pk__in=ids)
    alone = Prospect.all_objects.filter(pk__in=cards, company_name="", company=None)
    return {
        "tenant": current_tenant(),
        "contacts": ids,
        "cards": cards,
        "alone": list(alone.exclude(pk__in=shared.values("prospect_id")).values_list("pk", flat=1)),
        "emails": sorted({email.lower() for person in people for email in person.emails}),
        "mentions": patterns_of(people),
        "erased": ERASED,
    }


def _forget_names(contacts: Collection[int], params: dict[str, Any], at: datetime) -> None:
    """Whom no document keeps loses their name and is deleted, with a card that is theirs alone."""
    found = Contact.all_objects.filter(pk__in=contacts)
    cards = found.filter(is_primary=True).values_list("prospect_id", flat=True)
    Prospect.all_objects.filter(pk__in=list(cards)).update(name="")
    Prospect.all_objects.filter(pk__in=set(cards) & set(params["alone"])).update(deleted_at=at)
    found.update(first_name="", last_name="", country="", source="")
    found.filter(Q(is_primary=False) | Q(prospect_id__in=params["alone"])).update(deleted_at=at)


def _apply(params: dict[str, Any]) -> dict[str, int]:
    """Change and delete by the rules; return how many rows, by table."""
    done: Counter[str] = Counter()
    for table, changes, where in UPDATES:
        done[table] += _run(f"UPDATE {table} SET {changes} WHERE {MINE} AND ({where})", params)
    for table, where in DELETIONS:
        done[table] += _run(f"DELETE FROM {table} WHERE {MINE} AND ({where})", params)
    return {name: number for name, number in done.items() if number}


def _rewrite_history(params: dict[str, Any]) -> None:
    """That something was changed, when and by whom stays; what it was does not.

    Comes last, as every change before has added to it.
    """
    people = _history("prospects.ContactEvent").filter(pgh_obj_id__in=params["contacts"])
    cards = _history("prospects.ProspectEvent").filter(pgh_obj_id__in=params["cards"])
    companies = _history("clients.CompanyEvent").annotate(address=Lower("email"))
    with pgtrigger.ignore(*APPEND_ONLY):
        people.update(first_name="", last_name="", **REACHED, **MORE)
        cards.update(name="", annotations="", **REACHED)
        companies.filter(address__in=params["emails"]).update(email="")


def _history(name: str) -> Any:
    return apps.get_model(name)._default_manager


def _run(statement: str, params: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)

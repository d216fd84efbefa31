from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from prospects.pipeline.keys import EmailDomain, company_key, domain_key, person_key
from prospects.pipeline.models import Prospect

MOST = 20  # cards that may share a key; one that more have says nothing about any of them


class Evidence(models.TextChoices):
    """What two cards have in common."""

    COMPANY = "company", _("the same company")
    PERSON = "person", _("the same person")
    DOMAIN = "domain", _("addresses of the same domain")


@dataclass(frozen=True)
class Similar:
    """A card that may be about the same company or person, and why."""

    card: Prospect
    evidence: list[Evidence]


def similar_cards(
    *,
    company_name: str = "",
    name: str = "",
    email: str = "",
    seen_by: Any,
    besides: int | None = None,
) -> list[Similar]:
    """Return the live cards that have a key in common with these values, best evidence first.

    :param seen_by: whose eyes count: cards that they may not see are left out.
    :param besides: the card that the values are of, if there is one.
    """
    found = find_evidence(probes(company_name=company_name, name=name, email=email))
    found.pop(besides or 0, None)
    if not found:
        return []
    cards = Prospect.objects.visible_to(seen_by).filter(pk__in=found)
    similar = [Similar(card, found[card.pk]) for card in cards.select_related("category", "owner")]
    return sorted(similar, key=lambda each: (-len(each.evidence), each.card.pk))


def probes(*, company_name: str, name: str, email: str) -> dict[Evidence, Any]:
    """Return the cards that share each key of these values, by what it is evidence of.

    Each is found by an index of its own. A name of one word, an address at a provider where
    anybody has one, and a legal form alone are keys of nobody.
    """
    cards = Prospect.objects.order_by()
    found: dict[Evidence, Any] = {}
    if company := company_key(company_name):
        found[Evidence.COMPANY] = cards.filter(company_key=company, company_key__gt="")
    if " " in name.strip():
        people = cards.filter(name__contains=" ").alias(person=person_key("name"))
        found[Evidence.PERSON] = people.filter(person=person_key(Value(name.strip())))
    if domain := domain_key(email):
        reached = cards.filter(email__gt="").alias(domain=EmailDomain("email"))
        found[Evidence.DOMAIN] = reached.filter(domain=domain)
    return found


def find_evidence(asked: Mapping[Evidence, Any]) -> dict[int, list[Evidence]]:
    """Ask all probes by one statement; return what speaks for each card that they found."""
    parts = [
        cards.annotate(evidence=Value(kind.value)).values_list("evidence", "pk")[: MOST + 1]
        for kind, cards in asked.items()
    ]
    if not parts:
        return {}
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, pk in parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]:
        by_kind[kind].append(pk)
    found: dict[int, list[Evidence]] = defaultdict(list)
    for kind, ids in by_kind.items():
        for pk in ids if len(ids) <= MOST else ():
            found[pk].append(Evidence(kind))
    return dict(found)

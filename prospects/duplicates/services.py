from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from prospects.duplicates.probes import MOST, Evidence, Key, cards_by_key
from prospects.pipeline.keys import company_key, domain_key
from prospects.pipeline.models import Prospect

__all__ = ["MOST", "Evidence", "Similar", "evidence_for_cards", "keys_of", "similar_cards"]


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
    phone_code: str = "",
    phone: str = "",
    seen_by: Any,
    besides: int | None = None,
) -> list[Similar]:
    """Return the live cards that have a key in common with these values, best evidence first.

    :param seen_by: whose eyes count: cards that they may not see are left out.
    :param besides: the card that the values are of, if there is one.
    """
    phones = [f"{phone_code} {phone}"] if phone else []
    keys = keys_of(company_name=company_name, names=[name], emails=[email], phones=phones)
    found = evidence_for_cards(keys, besides=besides)
    if not found:
        return []
    cards = Prospect.objects.visible_to(seen_by).filter(pk__in=found)
    similar = [
        Similar(card, sorted({kind for kind, _ in found[card.pk]}, key=list(Evidence).index))
        for card in cards.select_related("category", "owner")
    ]
    return sorted(similar, key=lambda each: (-len(each.evidence), each.card.pk))


def keys_of(
    *,
    company_name: str = "",
    names: Collection[str] = (),
    emails: Collection[str] = (),
    phones: Collection[str] = (),
    domains: Collection[str] = (),
) -> dict[Evidence, set[str]]:
    """Return the keys that these values make, by what they are evidence of.

    A name of one word, an address at a provider where anybody has one, and a legal form alone are
    keys of nobody.

    :param phones: as `52 5512345678`.
    :param domains: web hosts that are known to be somebody's own.
    """
    keys = {
        Evidence.EMAIL: set(emails),
        Evidence.PHONE: set(phones),
        Evidence.COMPANY: {company_key(company_name)},
        Evidence.PERSON: {name.strip() for name in names if " " in name.strip()},
        Evidence.DOMAIN: {*map(domain_key, emails), *domains},
    }
    return {kind: values - {""} for kind, values in keys.items()}


def evidence_for_cards(
    keys: Mapping[Evidence, Collection[str]], *, besides: int | None = None
) -> dict[int, list[Key]]:
    """Return what speaks for each card that has one of these keys, in one statement.

    :param besides: a card that is not asked about.
    """
    found: dict[int, list[Key]] = defaultdict(list)
    for key, cards in cards_by_key(keys).items():
        for pk in cards - {besides}:
            found[pk].append(key)
    return dict(found)

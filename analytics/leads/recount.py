"""Leads worked out a second time, row by row in plain Python over the source tables.

Nothing here shares a line with the sync's SQL: it is the second opinion that proves the first.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from analytics.leads.models import Lead
from clients.companies.models import Company
from clients.operations.models import AccountPayment, MonthlyTier, Shipment
from prospects.pipeline.models import FollowUpCategory, Prospect

BATCH = 1000
ExpectedLead = dict[str, Any]
OnProgress = Callable[[int], object]
CARD = (
    *("pk", "type", "deleted_at", "owner_id", "category_id", "locale_id", "content_id"),
    *("created_at", "category_changed_at", "account_value", "monthly_shipments"),
)


class Recount:
    """Expected leads of batches of cards."""

    def __init__(self) -> None:
        self.kinds = dict(FollowUpCategory.objects.values_list("pk", "kind"))

    def leads_of(self, ids: list[int]) -> dict[int, ExpectedLead]:
        """The leads that these cards should have, by the id of the card."""
        cards = Prospect.all_objects.filter(pk__in=ids).only(*CARD)
        companies = {
            company.prospect_id: company
            for company in Company.objects.filter(prospect_id__in=ids).only("pk", "prospect_id")
        }
        self._read_operations([company.pk for company in companies.values()])
        return {
            card.pk: self._lead(card, companies.get(card.pk))
            for card in cards
            if self._is_lead(card)
        }

    def _read_operations(self, company_ids: list[int]) -> None:
        self.shipments: dict[int, list[datetime]] = defaultdict(list)
        for company_id, moment in _of(Shipment, company_ids, "shipped_at"):
            self.shipments[company_id].append(moment)
        self.has_recharge = {pk for pk, _ in _of(AccountPayment, company_ids, "pk")}
        self.tiers: dict[int, list[tuple[Any, int]]] = defaultdict(list)
        for company_id, month, tier in _of(MonthlyTier, company_ids, "month", "tier"):
            self.tiers[company_id].append((month, tier))

    def _is_lead(self, card: Prospect) -> bool:
        is_qualified = self.kinds[card.category_id] != FollowUpCategory.Kind.DISQUALIFIED
        return card.deleted_at is None and card.type in (1, 2) and is_qualified

    def _lead(self, card: Prospect, company: Company | None) -> ExpectedLead:
        company_id = company.pk if company else None
        shipments = self.shipments.get(company_id or 0, [])
        tiers = self.tiers.get(company_id or 0, [])
        return {
            "record_type": 2 if company_id else 1,
            "record_id": company_id or card.pk,
            "prospect_id": card.pk,
            "owner_id": card.owner_id,
            "category_id": card.category_id,
            "locale_id": card.locale_id,
            "content_id": card.content_id,
            "created_at": card.created_at,
            "category_changed_at": card.category_changed_at,
            "first_shipment_at": min(shipments) if shipments else None,
            "account_value": card.account_value,
            "monthly_shipments": card.monthly_shipments,
            "tier": max(tiers)[1] if tiers else None,
            "has_recharge": company_id in self.has_recharge,
        }


def _of(model: Any, company_ids: list[int], *columns: str) -> Iterator[tuple[Any, ...]]:
    rows = model.objects.filter(company_id__in=company_ids).values_list("company_id", *columns)
    return rows.iterator()


def card_batches(sample: int | None = None) -> Iterator[list[int]]:
    """All cards of the tenant, deleted ones too, and cards that only a lead remembers.

    :param sample: so many of them instead, drawn at random.
    """
    known = Prospect.all_objects.values_list("pk", flat=True).order_by()
    remembered = Lead.objects.values_list("prospect_id", flat=True).order_by()
    if sample is not None:
        ids = list(known.union(remembered))
        yield from _batches(iter(sorted(random.sample(ids, min(sample, len(ids))))))
        return
    yield from _batches(known.order_by("pk").iterator())
    gone = remembered.exclude(prospect_id__in=Prospect.all_objects.values("pk"))
    yield from _batches(gone.order_by("prospect_id").iterator())


def _batches(ids: Iterator[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    for pk in ids:
        batch.append(pk)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def differences(expected: dict[int, ExpectedLead], ids: list[int]) -> Iterator[str]:
    """Compare the leads that stand in the table for these cards with what they should be."""
    stored: dict[int, list[ExpectedLead]] = defaultdict(list)
    columns = ["record_type", *sorted(_columns() - {"record_type"})]
    for lead in Lead.objects.filter(prospect_id__in=ids).values(*columns):
        stored[lead["prospect_id"]].append(lead)
    for pk in ids:
        wanted = expected.get(pk)
        found = stored[pk]
        if len(found) != (wanted is not None):
            yield f"card {pk}: {len(found)} leads instead of {int(wanted is not None)}"
        elif wanted is not None:
            yield from _differing_columns(pk, found[0], wanted)


def _columns() -> set[str]:
    return {f.attname for f in Lead._meta.concrete_fields if hasattr(f, "source_sql")}


def _differing_columns(pk: int, found: ExpectedLead, wanted: ExpectedLead) -> Iterator[str]:
    for name in sorted(found.keys() | wanted.keys()):
        if name not in wanted or found.get(name) != wanted[name]:
            yield f"card {pk}: {name} is {found.get(name)!r} instead of {wanted.get(name)!r}"


def find_wrong_leads(sample: int | None = None) -> Iterator[str]:
    """Yield every difference between the table and the source tables, of the tenant acted for."""
    recount = Recount()
    for ids in card_batches(sample):
        yield from differences(recount.leads_of(ids), ids)

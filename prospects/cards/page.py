"""One card, whole: what `GET /prospects/{id}` answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from prospects.board.rows import Clock, shipments_band, tier_name
from prospects.cards.querysets import find_card, notes_of, other_contacts_of
from prospects.contacts.serializers import ContactSerializer
from prospects.followups.serializers import NoteSerializer, note_shape, origin_of
from prospects.pipeline.models import Prospect, TeamAssignment


def read_card(prospect_id: int, *, clock: Clock, user: Any = None) -> dict[str, Any]:
    """Return a card with its notes and contacts, in three statements.

    :param user: who asks; None right after a write of theirs, which may have taken the card from
        them.
    :raises NotFound: there is no such card, or this user may not see it.
    """
    card = find_card(prospect_id, user=user)
    company = getattr(card, "company", None)
    origin = origin_of(card)
    return {
        "prospect": _prospect(card, company),
        "follow_data": _follow_data(card, clock),
        "notes": [note_shape(note, origin) for note in notes_of(card)],
        "contacts": ContactSerializer(other_contacts_of(card), many=True).data,
        "locations": [],
    }


def _prospect(card: Prospect, company: Any) -> dict[str, Any]:
    return {
        "id": card.pk,
        "name": card.name,
        "company_name": card.company_name,
        "email": card.email,
        "phone_code": card.phone_code,
        "phone": card.phone,
        "company_id": company.pk if company else None,
        "follow_up_id": card.category_id,
        "follow_name": card.category.name,
        "locale_id": card.locale_id,
        "type": card.type,
        "status": 1,
        "created_by": card.owner_id,
        "created_by_name": card.owner.name if card.owner else None,
        "created_at": card.created_at,
        "updated_at": card.updated_at,
        "external_id": card.external_id,
        "verified": card.verified_at is not None,
        "balance": company.balance if company else 0,
        "tier": tier_name(company.tier if company else None),
    }


def _follow_data(card: Prospect, clock: Clock) -> dict[str, Any]:
    team = dict.fromkeys(TeamAssignment.Role.values)
    team.update({part["role"]: part["user"] for part in card.team})  # type: ignore[attr-defined]
    return {
        "channel": card.channel,
        "account_value": card.account_value,
        "monthly_shipments": card.monthly_shipments,
        "monthly_shipments_desc": shipments_band(card.monthly_shipments),
        "ecommerce_type_id": card.ecommerce_type_id,
        "weight_id": card.weight_range_id,
        "content_id": card.content_id,
        "plan_type_id": card.plan_type_id,
        "lead_status_id": card.lead_status_id,
        "campaign_id": card.campaign_id,
        "onboarding_status_id": card.onboarding_status_id,
        "account_type": card.account_type,
        "estimated_close_date": card.estimated_close_date,
        "commercial_offer_date": card.commercial_offer_date,
        "annotations": card.annotations,
        "services": card.service_ids,  # type: ignore[attr-defined]
        "assignments": team,
        "first_contact": clock.day(card.first_contact_at),
        "last_contact": clock.day(card.last_contact_at),
        "next_contact": clock.day(card.next_contact_at),
        "days_uc": clock.days_since(card.category_changed_at),
        "days_without_contact": clock.days_since(card.last_contact_at or card.created_at),
    }


def _each(names: str, field: type[serializers.Field], **kwargs: Any) -> dict[str, Any]:
    return {name: field(**kwargs) for name in names.split()}


_INTEGER, _TEXT, _DATE = serializers.IntegerField, serializers.CharField, serializers.DateField
_MOMENT, _AMOUNT = serializers.DateTimeField, serializers.DecimalField
_CENTS = {"max_digits": 14, "decimal_places": 2}
PROSPECT_SCHEMA = inline_serializer(
    "CardProspect",
    {
        **_each("id follow_up_id type status", _INTEGER),
        **_each("company_id locale_id created_by", _INTEGER, allow_null=True),
        **_each("name company_name email phone_code phone", _TEXT, allow_blank=True),
        **_each("external_id tier", _TEXT, allow_blank=True),
        **_each("follow_name", _TEXT),
        **_each("created_by_name", _TEXT, allow_null=True),
        **_each("created_at updated_at", _MOMENT),
        **_each("verified", serializers.BooleanField),
        **_each("balance", _AMOUNT, **_CENTS),
    },
)
FOLLOW_DATA_SCHEMA = inline_serializer(
    "CardFollowData",
    {
        **_each("channel account_type annotations", _TEXT, allow_blank=True),
        **_each("account_value", _AMOUNT, allow_null=True, **_CENTS),
        **_each("monthly_shipments_desc", _TEXT, allow_null=True),
        **_each("monthly_shipments ecommerce_type_id weight_id", _INTEGER, allow_null=True),
        **_each("content_id plan_type_id lead_status_id", _INTEGER, allow_null=True),
        **_each("campaign_id onboarding_status_id", _INTEGER, allow_null=True),
        **_each("estimated_close_date commercial_offer_date", _DATE, allow_null=True),
        **_each("first_contact last_contact next_contact", _DATE, allow_null=True),
        **_each("days_uc days_without_contact", _INTEGER),
        "services": serializers.ListField(child=_INTEGER()),
        "assignments": serializers.DictField(child=_INTEGER(allow_null=True)),
    },
)
CARD_SCHEMA = inline_serializer(
    "Card",
    {
        "prospect": PROSPECT_SCHEMA,
        "follow_data": FOLLOW_DATA_SCHEMA,
        "notes": NoteSerializer(many=True),
        "contacts": ContactSerializer(many=True),
        "locations": serializers.ListField(child=serializers.DictField()),
    },
)

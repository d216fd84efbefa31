"""What the names and ids in rows refer to: lists, categories, countries, people."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import Value

from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.search_text import search_needle
from core.values import InvalidValue, clean_text
from prospects.catalogs.models import (
    AcquisitionCampaign,
    CatalogEntry,
    Content,
    EcommerceType,
    LeadStatus,
    Locale,
    OnboardingStatus,
    PlanType,
    WeightRange,
)
from prospects.imports.newcomers import Newcomers, placeholder_email
from prospects.pipeline.models import FollowUpCategory

LISTS: dict[str, type[CatalogEntry]] = {
    "ecommerce_type": EcommerceType,
    "weight_range": WeightRange,
    "content": Content,
    "plan_type": PlanType,
    "lead_status": LeadStatus,
    "campaign": AcquisitionCampaign,
    "onboarding_status": OnboardingStatus,
}
_SEVERAL = 0
_LONGEST_NAME = 120
_LONGEST_USER = 255


class References:
    """The tenant's lists, each read once and only if a row refers to it.

    Names that are not in a list yet are given to `newcomers`; without one they are unknown.
    """

    def __init__(self, tenant: Tenant, newcomers: Newcomers | None = None) -> None:
        self.tenant = tenant
        self._newcomers = newcomers

    @cached_property
    def _lists(self) -> dict[str, dict[str, int]]:
        """Ids by lower-case name, of all lists in one statement."""
        first, *others = (
            model.objects.annotate(field=Value(field)).values_list("field", "id", "name")
            for field, model in LISTS.items()
        )
        lists: dict[str, dict[str, int]] = {field: {} for field in LISTS}
        for field, pk, name in first.union(*others, all=True):
            lists[field][name.lower()] = pk
        return lists

    @cached_property
    def _categories(self) -> list[FollowUpCategory]:
        return list(FollowUpCategory.objects.in_order())

    @cached_property
    def _category_names(self) -> dict[str, int]:
        labels = [(search_needle(each.label), each.pk) for each in self._categories]
        names = [(search_needle(each.name), each.pk) for each in self._categories]
        return dict(labels) | dict(names)

    @cached_property
    def _locales(self) -> list[Locale]:
        return list(Locale.objects.all())

    @cached_property
    def _locale_names(self) -> dict[str, int]:
        names = [(search_needle(each.name), each.pk) for each in self._locales]
        return dict(names) | {each.country_code.lower(): each.pk for each in self._locales}

    @cached_property
    def _users(self) -> list[tuple[int, str, str, bool]]:
        return list(User.objects.values_list("id", "email", "name", "is_active"))

    @cached_property
    def _user_names(self) -> dict[str, int]:
        """Ids by email and by name; a name that several active users have is `_SEVERAL`."""
        ids: dict[str, int] = {}
        for pk, _, name, is_active in self._users:
            if is_active:
                ids[name] = _SEVERAL if name in ids else pk
        return ids | {email: pk for pk, email, _, is_active in self._users if is_active}

    @cached_property
    def _user_ids(self) -> frozenset[int]:
        return frozenset(pk for pk, _, _, is_active in self._users if is_active)

    @cached_property
    def _user_emails(self) -> dict[str, int]:
        return {email: pk for pk, email, *_ in self._users}

    @cached_property
    def starting_category_id(self) -> int | None:
        """Where a card starts that names no category; None when no category is open."""
        open_ones = (each.pk for each in self._categories if each.kind == "open")
        return next(open_ones, None)

    def list_id(self, field: str, value: object) -> int:
        """The entry of a list with this id. Raises InvalidValue."""
        return _known_id(value, self._lists[field].values())

    def list_name(self, field: str, value: object) -> int | None:
        """The entry of a list with this name, whatever its case. Raises InvalidValue."""
        name = clean_text(value, _LONGEST_NAME)
        ids, key = self._lists[field], name.lower()
        if key not in ids:
            if self._newcomers is None:
                raise InvalidValue("does not exist")
            ids[key] = self._newcomers.reserve(field, LISTS[field], name)
        return ids[key]

    def category_id(self, value: object) -> int:
        """The category with this id. Raises InvalidValue."""
        return _known_id(value, (each.pk for each in self._categories))

    def category(self, value: object) -> int:
        """The category with this id, name or label. Raises InvalidValue."""
        return _named_or_known(value, self._category_names, self._categories)

    def locale_id(self, value: object) -> int:
        """The locale with this id. Raises InvalidValue."""
        return _known_id(value, (each.pk for each in self._locales))

    def locale(self, value: object) -> int:
        """The locale with this id, country code or name. Raises InvalidValue."""
        return _named_or_known(value, self._locale_names, self._locales)

    def owner_id(self, value: object) -> int:
        """The active user with this id. Raises InvalidValue."""
        return _known_id(value, self._user_ids)

    def owner(self, value: object) -> int:
        """The active user with this email or exact name. Raises InvalidValue."""
        name = clean_text(value, _LONGEST_USER)
        ids = self._user_names
        pk = ids.get(name, ids.get(name.lower()) if "@" in name else None)
        if pk == _SEVERAL:
            raise InvalidValue("is the name of several users: write the email")
        if pk is None:
            pk = ids[name] = self._new_owner(name)
        return pk

    def _new_owner(self, name: str) -> int:
        known = self._user_emails.get(placeholder_email(name, self.tenant))
        if known is not None:  # created by an earlier import, renamed or deactivated since
            return known
        if self._newcomers is None or not self._newcomers.takes_users:
            raise InvalidValue("is not the email or name of an active user")
        return self._newcomers.reserve("owner", User, name)


def _known_id(value: object, known: Iterable[int]) -> int:
    number = _read_id(value)
    if number is None:
        raise InvalidValue("must be an id")
    if number not in known:
        raise InvalidValue("does not exist")
    return number


def _named_or_known(value: object, names: dict[str, int], rows: Iterable[Any]) -> int:
    number = _read_id(value)
    if number is not None and any(row.pk == number for row in rows):
        return number
    needle = search_needle(str(value)[:_LONGEST_NAME])
    if needle not in names:
        raise InvalidValue("does not exist")
    return names[needle]


def _read_id(value: object) -> int | None:
    if isinstance(value, str):
        text = value.strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None

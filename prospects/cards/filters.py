"""The filters of the contract in the back office's list: each asks what `board/filters.py` says.

Their choices are read together, in one statement a page.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from accounts.users.models import User
from core.errors import InvalidInput
from prospects.board.filters import ID_FILTERS, ROLE_FILTERS, read_filters
from prospects.catalogs.services import CATALOGS
from prospects.pipeline.models import FollowUpCategory, Prospect, TeamAssignment

Choices = list[tuple[str, Any]]
PEOPLE, CATEGORIES, NONE = "people", "categories", "0"
# What the wire's filter by an id chooses from, and its name in addresses if it is not the wire's.
LISTS = {
    "category": (CATEGORIES, "category__id__exact"),
    "salesman": (PEOPLE, "owner__id__exact"),
    "campaing": ("campaigns", "campaign__id__exact"),
    "leadStatus": ("lead_statuses", "lead_status__id__exact"),
    "onboarding": ("onboarding_statuses", ""),
    "ecommerce": ("ecommerce_types", ""),
    "weightRange": ("weight_ranges", ""),
    "contentId": ("contents", ""),
    "planTypeId": ("plan_types", ""),
}
LEAST_SHIPMENTS = (1, 10, 50, 100, 500, 1000, 5000)
MONTHS_BACK, MONTHS_ON = 3, 12


class ContractFilter(DropdownFilter):
    """One filter of the contract, by its name on the wire."""

    wire: str

    def has_output(self) -> bool:
        return True

    def queryset(self, request: Any, queryset: Any) -> Any:
        value = (self.value() or "").strip()
        if not value:
            return queryset
        try:
            zone = timezone.get_current_timezone()
            return read_filters({self.wire: value}, zone=zone).apply(queryset)
        except InvalidInput as error:
            raise IncorrectLookupParameters(error.message) from error

    def understands(self, values: list[str]) -> bool:
        """Whether what is asked for can be read; the queryset is asked the same."""
        return True


class OneOf(ContractFilter):
    """Rows of a list, or none of them; several ids are read as the API reads them."""

    source: str
    has_none = True

    def lookups(self, request: Any, model_admin: Any) -> Choices:
        none: Choices = [(NONE, _("None"))] if self.has_none else []
        return [*none, *choices_of(request).get(self.source, [])]

    def understands(self, values: list[str]) -> bool:
        asked = {part.strip() for value in values for part in value.split(",") if part.strip()}
        return asked <= {key for key, _label in self.lookup_choices}


class LeastShipments(ContractFilter):
    """Those that ship at least so much a month."""

    wire = parameter_name = "minShipments"
    title = _("monthly shipments")

    def lookups(self, request: Any, model_admin: Any) -> Choices:
        at_least = translated("at least %d")
        return [(str(number), at_least % number) for number in LEAST_SHIPMENTS]


class HasRecharge(ContractFilter):
    """Clients who have paid in, or not yet."""

    wire = parameter_name = "hasRecharge"
    title = _("recharged")

    def lookups(self, request: Any, model_admin: Any) -> Choices:
        return [("1", _("Yes")), ("0", _("No"))]


class CloseMonth(ContractFilter):
    """Those that are expected to close in a month."""

    wire = parameter_name = "estimatedCloseMonth"
    title = _("month of the estimated close")

    def lookups(self, request: Any, model_admin: Any) -> Choices:
        today = timezone.localdate()
        months = (_month(today, number) for number in range(-MONTHS_BACK, MONTHS_ON + 1))
        return [(f"{month:%Y-%m}", date_format(month, "YEAR_MONTH_FORMAT")) for month in months]


def choices_of(request: Any) -> dict[str, Choices]:
    """What every list of choices holds, read once a page."""
    if not hasattr(request, "choices_of_cards"):
        found: dict[str, Choices] = {}
        for source, pk, label in _everything():
            found.setdefault(source, []).append((str(pk), label))
        request.choices_of_cards = found
    return request.choices_of_cards  # type: ignore[no-any-return]


def _everything() -> list[tuple[str, int, str]]:
    wanted = {source for source, _name in LISTS.values()}
    parts = [
        _entries(key, model.objects, "name", Cast("position", CharField()))
        for key, model in CATALOGS.items()
        if key in wanted
    ]
    position = Cast("position", CharField())
    parts.append(_entries(CATEGORIES, FollowUpCategory.objects, "label", position))
    people = User.objects.filter(is_superuser=False)
    rows = _entries(PEOPLE, people, "name", Cast("name", CharField())).union(*parts, all=True)
    ordered = sorted(rows, key=lambda row: (row[0], _as_number(row[3]), row[3], row[1]))
    return [(source, pk, label) for source, pk, label, _order in ordered]


def _entries(source: str, rows: Any, label: str, order: Any) -> Any:
    kind = Value(source, output_field=CharField())
    shown = Cast(F(label), CharField())
    return rows.order_by().values_list(kind, "pk", shown, order)


def _as_number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _month(today: date, number: int) -> date:
    """The first day of the month that is so many after today's."""
    months = today.year * 12 + today.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)


def _one_of(wire: str, title: Any, source: str, name: str, *, has_none: bool = True) -> type:
    given = {"wire": wire, "title": title, "source": source, "has_none": has_none}
    return type(f"By{wire}", (OneOf,), {**given, "parameter_name": name or wire})


def _title(wire: str) -> Any:
    return Prospect._meta.get_field(ID_FILTERS[wire].removesuffix("_id")).verbose_name  # type: ignore[union-attr]


BY_LISTS = {
    wire: _one_of(wire, _title(wire), source, name, has_none=wire != "category")
    for wire, (source, name) in LISTS.items()
}
BY_ROLES = {
    wire: _one_of(wire, TeamAssignment.Role(role).label, PEOPLE, "")
    for wire, role in ROLE_FILTERS.items()
}

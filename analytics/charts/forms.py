"""The filters of the dashboard as people set them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES, UnfoldAdminSelectWidget

from analytics.charts.wording import NO_TIER, NOBODY, product_label, stage_looks
from analytics.dashboard.filters import NONE, TOP_TIER, Filters, parse_filters
from analytics.dashboard.labels import tier_label
from core.back_office import show_refusal
from core.errors import InvalidInput
from prospects.catalogs.models import Content, Locale

LISTS = ("localeIds", "tier")
NONE_IS_ZERO = ("localeIds", "salesman")  # 0 and null mean the same
Choices = list[tuple[str, Any]]


def joined(query: QueryDict) -> dict[str, str]:
    """The parameters as the API has them: a list is one text with commas."""
    return {name: ",".join(query.getlist(name)) for name in query}


def spread(query: QueryDict) -> QueryDict:
    """The parameters as forms have them: each of a list on its own."""
    spread = query.copy()
    for name in LISTS:
        words = ",".join(query.getlist(name)).split(",")
        spread.setlist(name, [word.strip() for word in words if word.strip()])
    for name in NONE_IS_ZERO:
        words = spread.getlist(name)
        spread.setlist(name, [NONE if word == "0" else word for word in words])
    return spread


class DayInput(forms.DateInput):
    """A day, picked in the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        limits = {"min": "1900-01-01", "max": "2200-12-31"}
        super().__init__({"class": " ".join(INPUT_CLASSES), **limits}, format="%Y-%m-%d")


class FilterForm(forms.Form):
    """The parameters of the dashboard's address, under their names."""

    startDate = forms.DateField(label=_("Created from"), required=False, widget=DayInput)
    endDate = forms.DateField(label=_("Created until"), required=False, widget=DayInput)
    salesman = forms.CharField(label=_("Executive"), required=False, widget=UnfoldAdminSelectWidget)
    stage = forms.CharField(label=_("Stage"), required=False, widget=UnfoldAdminSelectWidget)
    product = forms.CharField(label=_("Product"), required=False, widget=UnfoldAdminSelectWidget)
    tier = forms.MultipleChoiceField(
        label=_("Tiers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    localeIds = forms.MultipleChoiceField(
        label=_("Countries"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, query: QueryDict) -> None:
        super().__init__(spread(query))
        self.asked = joined(query)
        tiers = [(str(tier), tier_label(tier)) for tier in range(TOP_TIER + 1)]
        self._offer("tier", [(NONE, NO_TIER), *tiers])
        locales = Locale.objects.order_by("name", "pk").values_list("pk", "name")
        countries = [(str(pk), name) for pk, name in locales]
        self._offer("localeIds", [*countries, (NONE, _("No country"))])
        self.looks = stage_looks()
        stages = [(name, look.label) for name, look in self.looks.items()]
        self._offer("stage", stages, _("Every stage"))
        contents = Content.objects.order_by("position", "name").values_list("name", flat=True)
        products = [(name, product_label(name)) for name in contents]
        self._offer("product", products, _("Every product"))
        self.offer_people([])

    def offer_people(self, executives: Iterable[dict[str, Any]]) -> None:
        """Let choose among the executives of a payload."""
        people = [(str(each["id"]), each["name"]) for each in executives]
        self._offer("salesman", [*people, (NONE, NOBODY)], _("Everybody"))

    def _offer(self, name: str, choices: Choices, empty: Any = None) -> None:
        """Offer choices; what the address says is one of them, whatever it is."""
        field: Any = self.fields[name]
        if empty is None:
            field.choices = choices
            return
        given = self.data.get(name, "")
        known = {value for value, _label in choices}
        stray = [(given, given)] if given and given not in known else []
        field.widget.choices = [("", empty), *choices, *stray]

    def clean(self) -> dict[str, Any]:
        """Both days or none, in their order: the one mistake that the page lets people make."""
        given = super().clean() or {}
        start, end = given.get("startDate"), given.get("endDate")
        if not self.errors and bool(start) != bool(end):
            self.add_error("startDate" if end else "endDate", _("Choose both days, or none."))
        elif start and end and end < start:
            self.add_error("endDate", _("The last day must not be before the first."))
        return given

    def find_filters(self) -> Filters | None:
        """The filters, or None with the form's errors."""
        if not self.is_valid():
            return None
        try:
            return parse_filters(self.asked)
        except InvalidInput as refusal:
            show_refusal(self, refusal)
            return None

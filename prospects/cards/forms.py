"""The forms of the back office about cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.back_office import BackOfficeForm
from core.emails import InvalidEmail, normalize_email
from core.phones import InvalidPhone, to_e164
from core.tenancy import current_tenant
from prospects.catalogs.models import CatalogEntry, Service
from prospects.catalogs.services import CATALOGS
from prospects.duplicates.services import Similar, similar_cards
from prospects.pipeline.models import Prospect, TeamAssignment

Choices = list[tuple[Any, str]]
NONE: Choices = [("", "—")]
NOT_THE_SAME = "not_the_same"  # ids of similar cards that are not the one being added
TEAM = {f"team_{role}": role for role in TeamAssignment.Role.values}


def _colleague(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, coerce=int, empty_value=None, required=False, widget=UnfoldAdminSelectWidget
    )


def _line(label: Any, max_length: int) -> forms.CharField:
    """Longer than the column: people write blanks, brackets and hyphens that are not kept."""
    widget = UnfoldAdminTextInputWidget
    return forms.CharField(label=label, max_length=max_length, required=False, widget=widget)


def colleagues(*, also: set[int]) -> Choices:
    """Who can be given a card: the active users, and those who have a part in it already."""
    users = User.objects.filter(Q(is_active=True, is_superuser=False) | Q(pk__in=also))
    return [(user.pk, str(user)) for user in users.order_by("name", "pk")]


def catalog_choices(*, also: dict[type[CatalogEntry], set[int]]) -> dict[Any, Choices]:
    """The active entries of every catalogue, and those chosen before, in one statement."""
    lists = [
        model.objects.filter(Q(is_active=True) | Q(pk__in=also.get(model, ()))).values_list(
            Value(key), "pk", "name", "position"
        )
        for key, model in CATALOGS.items()
    ]
    choices: dict[Any, Choices] = defaultdict(list)
    rows = lists[0].union(*lists[1:], all=True)
    for key, pk, name, _position in sorted(rows, key=lambda row: (row[3], row[1])):
        choices[CATALOGS[key]].append((pk, name))
    return choices


def parts_of(card: Prospect) -> tuple[set[int], dict[str, int]]:
    """The services a card is interested in, and who plays which part, in one statement."""
    team = card.assignments.values_list("role", "user_id")
    rows = list(card.interests.values_list(Value(""), "service_id").union(team, all=True))
    return {pk for role, pk in rows if not role}, {role: pk for role, pk in rows if role}


# One field for each part in the team: `team_kae`, …
TeamFields: Any = forms.forms.DeclarativeFieldsMetaclass(
    "TeamFields",
    (forms.Form,),
    {f"team_{role}": _colleague(label) for role, label in TeamAssignment.Role.choices},
)


class ProspectForm(BackOfficeForm, TeamFields):
    """A card. Email and phone are read as people write them and kept in their one form."""

    seen_by: Any = None  # who adds a card: of those like it they are shown what they may see
    similar: Sequence[Similar] = ()

    phone_code = _line(_("Phone code"), 8)
    phone = _line(_("Phone"), 40)
    services = forms.ModelMultipleChoiceField(
        label=_("Services of interest"),
        queryset=Service.objects.all(),
        required=False,
        widget=UnfoldAdminSelectMultipleWidget(attrs={"size": 8}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "owner" in self.fields:  # not on a page that is only looked at
            card = self.instance
            self.chosen, self.team = parts_of(card) if card.pk else (set(), {})
            self._offer_colleagues()
            self._offer_catalogs()
            self.fields["category"].required = bool(card.pk)

    def _offer_colleagues(self) -> None:
        also = {*self.team.values(), self.instance.owner_id} - {None}
        offered = NONE + colleagues(also=also)
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.filter(pk__in=[pk for pk, _name in offered[1:]])
        owner.choices = offered
        for name, role in TEAM.items():
            field: Any = self.fields[name]
            field.choices, field.initial = offered, self.team.get(role)

    def _offer_catalogs(self) -> None:
        fields: dict[str, Any] = {
            name: field
            for name, field in self.fields.items()
            if issubclass(getattr(getattr(field, "queryset", None), "model", object), CatalogEntry)
        }
        also: dict[Any, set[int]] = {Service: self.chosen}
        for name in fields.keys() - {"services"}:
            also[fields[name].queryset.model] = {getattr(self.instance, f"{name}_id")} - {None}
        offered = catalog_choices(also=also)
        for name, field in fields.items():
            model = field.queryset.model
            field.choices = [*([] if name == "services" else NONE), *offered[model]]
        self.fields["services"].initial = list(self.chosen)

    def clean_email(self) -> str:
        return read_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("phone") and "phone_code" in given:
            given["phone_code"], given["phone"] = read_phone(given["phone_code"], given["phone"])
        elif "phone" in given:
            given["phone_code"] = ""
        return given

    def _check_constraints(self) -> None:
        super()._check_constraints()
        if not self.errors and not self.instance.pk:
            self._ask_about_similar()

    def _ask_about_similar(self) -> None:
        """Hold a new card back while it looks like others, until they were seen and denied."""
        card = self.instance
        self.similar = similar_cards(
            company_name=card.company_name, name=card.name, email=card.email, seen_by=self.seen_by
        )
        denied = set(self.data.get(NOT_THE_SAME, "").split(","))
        if {str(each.card.pk) for each in self.similar} - denied:
            self.add_error(None, _("There are similar prospects. Is it one of them?"))

    def columns(self) -> dict[str, Any]:
        """What was changed, or all of a new card, as columns. Code and number go together."""
        changed = set(self.changed_data if self.instance.pk else self.fields)
        if changed & {"phone", "phone_code"}:
            changed |= {"phone", "phone_code"}
        fields = [field for field in self.instance._meta.concrete_fields if field.name in changed]
        return {field.attname: getattr(self.instance, field.attname) for field in fields}

    def team_changes(self) -> dict[str, int | None]:
        """The parts that were given to somebody else."""
        given = self.cleaned_data
        return {
            role: given[name] for name, role in TEAM.items() if given[name] != self.team.get(role)
        }


def read_email(text: str) -> str:
    """Return the address in its one form; nothing for nothing.

    :raises ValidationError: it is not an address.
    """
    try:
        return normalize_email(text) if text else ""
    except InvalidEmail as error:
        raise ValidationError(str(error)) from error


def read_phone(code: str, number: str) -> tuple[str, str]:
    """Return calling code and national number; without a code the tenant's country counts.

    :raises ValidationError: it is not a phone number; beside the field `phone`.
    """
    tenant = Tenant.objects.get(pk=current_tenant() or 0)
    try:
        phone = to_e164(code or None, number, tenant.country_code)
    except InvalidPhone as error:
        raise ValidationError({"phone": str(error)}) from error
    return phone.code, phone.national

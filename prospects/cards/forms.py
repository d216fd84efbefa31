"""The forms of the back office about cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import CharField, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
)

from accounts.users.models import User
from prospects.catalogs.models import CatalogEntry, Locale, Service
from prospects.catalogs.services import CATALOGS
from prospects.contacts.forms import ReachableForm
from prospects.duplicates.services import Similar, similar_cards
from prospects.pipeline.models import FollowUpCategory, Prospect, TeamAssignment
from prospects.pipeline.services import IDENTITY

Choices = list[tuple[Any, str]]
NONE: Choices = [("", "—")]
NOT_THE_SAME = "not_the_same"  # ids of similar cards that are not the one being added
TEAM = {f"team_{role}": role for role in TeamAssignment.Role.values}


def _colleague(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, coerce=int, empty_value=None, required=False, widget=UnfoldAdminSelectWidget
    )


def colleagues(*, also: set[int]) -> Choices:
    """Who can be given a card: the active users, and those who have a part in it already."""
    users = User.objects.filter(Q(is_active=True, is_superuser=False) | Q(pk__in=also))
    return [(user.pk, str(user)) for user in users.order_by("name", "pk")]


def catalog_choices(*, also: dict[type[CatalogEntry], set[int]]) -> dict[Any, Choices]:
    """The active entries of every catalogue and those chosen before, the categories and the
    locales, in one statement."""
    models = {**CATALOGS, "category": FollowUpCategory, "locale": Locale}
    label = Coalesce(NullIf("label", Value("")), "name", output_field=CharField())
    lists = [
        FollowUpCategory.objects.values_list(Value("category"), "pk", label, "position"),
        Locale.objects.values_list(Value("locale"), "pk", "name", Value(0)),
    ]
    lists += [
        model.objects.filter(Q(is_active=True) | Q(pk__in=also.get(model, ()))).values_list(
            Value(key), "pk", "name", "position"
        )
        for key, model in CATALOGS.items()
    ]
    choices: dict[Any, Choices] = defaultdict(list)
    rows = lists[0].union(*lists[1:], all=True)
    for key, pk, name, _position in sorted(rows, key=lambda row: (row[3], row[1])):
        choices[models[key]].append((pk, name))
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


class ProspectForm(ReachableForm, TeamFields):
    """A card with its team and what it is interested in."""

    seen_by: Any = None  # who adds a card: of those like it they are shown what they may see
    similar: Sequence[Similar] = ()

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
        offered_at_once = (CatalogEntry, FollowUpCategory, Locale)
        fields: dict[str, Any] = {
            name: field
            for name, field in self.fields.items()
            if issubclass(
                getattr(getattr(field, "queryset", None), "model", object), offered_at_once
            )
        }
        also: dict[Any, set[int]] = {Service: self.chosen}
        for name in fields.keys() - {"services"}:
            also[fields[name].queryset.model] = {getattr(self.instance, f"{name}_id")} - {None}
        offered = catalog_choices(also=also)
        for name, field in fields.items():
            model = field.queryset.model
            field.choices = [*([] if name == "services" else NONE), *offered[model]]
        self.fields["services"].initial = list(self.chosen)

    def _check_constraints(self) -> None:
        super()._check_constraints()
        if not self.errors and not self.instance.pk:
            self._ask_about_similar()

    def _ask_about_similar(self) -> None:
        """Hold a new card back while it looks like others, until they were seen and denied."""
        card = self.instance
        known = {name: getattr(card, name) for name in IDENTITY}
        self.similar = similar_cards(**known, seen_by=self.seen_by)
        denied = set(self.data.get(NOT_THE_SAME, "").split(","))
        if {str(each.card.pk) for each in self.similar} - denied:
            self.add_error(None, _("There are similar prospects. Is it one of them?"))

    def team_changes(self) -> dict[str, int | None]:
        """The parts that were given to somebody else."""
        given = self.cleaned_data
        return {
            role: given[name] for name, role in TEAM.items() if given[name] != self.team.get(role)
        }

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from core.back_office import BackOfficeAdmin, short_day
from core.back_office_choices import row_ids
from core.back_office_filters import DateRangeFilter, DayRangeFilter
from core.rights import ALL_PROSPECTS
from prospects.board_page.steps import NextStepFilter
from prospects.cards.columns import DERIVED, FOLLOW_UP, MORE, PUT_BACK, TEAM, WHO
from prospects.cards.filters import (
    BY_LISTS,
    BY_ROLES,
    CloseMonth,
    HasRecharge,
    LeastShipments,
)
from prospects.cards.forms import ProspectForm
from prospects.cards.many import ManyCards
from prospects.cards.one import OneCard
from prospects.cards.story import story_of, tabs_of
from prospects.counts.models import CardCount
from prospects.locations.admin import LocationInline
from prospects.partners.admin import PartnerDataInline
from prospects.pipeline import services
from prospects.pipeline.colors import color_label
from prospects.pipeline.deleting import delete_prospect
from prospects.pipeline.models import Prospect
from prospects.pipeline.searching import search_pattern

# What the kept counts know: a filter of the list, and their column.
COUNTED = {"category__id__exact": "category_id", "type__exact": "type"}


def _tabs(team: Any, interests: Any, *more: Any) -> Any:
    named = ((_("Who"), WHO), (_("Follow-up"), FOLLOW_UP), (_("Team"), team))
    tabs = (*named, (_("Interests"), interests), *more)
    return [(name, {"classes": ["tab"], "fields": fields}) for name, fields in tabs]


def only_looks(request: Any, card_id: Any) -> bool:
    """Whether whoever asks sees this card by a share for looking; looked up once a page."""
    if card_id is None or request.user.has_perm(ALL_PROSPECTS):
        return False
    known = request.__dict__.setdefault("cards_only_looked_at", {})
    if str(card_id) not in known:
        seen = Prospect.objects.visible_to(request.user).filter(pk=card_id)
        changeable = Prospect.objects.changeable_by(request.user).filter(pk=card_id)
        known[str(card_id)] = not changeable.exists() and seen.exists()
    return bool(known[str(card_id)])


@admin.register(Prospect)
class ProspectAdmin(ManyCards, OneCard, BackOfficeAdmin):
    """The cards of the pipeline: listed, worked and read as a story."""

    class Media:
        css: ClassVar[Any] = {"all": ("prospects/card.css",)}
        js = ("prospects/card.js",)

    form = ProspectForm
    list_display = (
        "title",
        "name",
        "owner",
        "shown_category",
        "value",
        "last_contact",
        "next_contact",
        "created",
    )
    list_select_related = ("owner", "category")
    list_filter = (
        BY_LISTS["category"],
        BY_LISTS["salesman"],
        "type",
        ("created_at", DayRangeFilter),
        NextStepFilter,
        ("next_contact_at", DayRangeFilter),
        ("first_contact_at", admin.EmptyFieldListFilter),
        *(by for wire, by in BY_LISTS.items() if wire not in ("category", "salesman")),
        ("estimated_close_date", DateRangeFilter),
        CloseMonth,
        ("commercial_offer_date", DateRangeFilter),
        LeastShipments,
        HasRecharge,
        *BY_ROLES.values(),
    )
    list_fullwidth = True
    more_columns = MORE
    sorts_when_large = ("created",)
    ordering = ("-created_at", "-pk")
    search_fields = ("search_text",)
    search_help_text = _("Company, person, email or phone")
    actions = ("move", "hand_over", "tag", "delete_cards", "export")
    actions_list = ("open_board",)
    actions_detail = ("log_contact", "plan_contact", "move_card")
    inlines = (LocationInline,)
    change_form_before_template = "prospects/similar_cards.html"
    change_form_outer_before_template = "prospects/card_head.html"
    change_form_outer_after_template = "prospects/card_story.html"

    put_back_columns = PUT_BACK

    # Who sees and does what ------------------------------------------------------------------
    def get_queryset(self, request: Any) -> Any:
        cards = super().get_queryset(request).visible_to(request.user)
        # A list says itself what it reads beside them (and does not when it finds it said).
        is_of_one = request.resolver_match is not None and request.resolver_match.kwargs
        return cards.select_related(*self.list_select_related) if is_of_one else cards

    def known_count(self, request: Any, changelist: Any) -> int | None:
        asked = changelist.get_filters_params()
        is_kept = set(asked) <= set(COUNTED) and not changelist.query
        if not (is_kept and request.user.has_perm(ALL_PROSPECTS)):
            return None
        wanted = {COUNTED[name]: row_ids(values) for name, values in asked.items()}
        return CardCount.objects.total(wanted) if all(wanted.values()) else None

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        pattern = search_pattern(search_term)
        return (queryset.filter(search_text__like=pattern) if pattern else queryset), False

    def has_change_permission(self, request: Any, obj: Prospect | None = None) -> bool:
        return super().has_change_permission(request, obj) and not only_looks(
            request, obj and obj.pk
        )

    def has_delete_permission(self, request: Any, obj: Prospect | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not only_looks(
            request, obj and obj.pk
        )

    def get_actions(self, request: Any) -> Any:
        """Without Django's own deleting of many, which lists them all first."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Any, request: Any) -> Any:
        """Nothing stands in the way but a company, of which the service tells."""
        rows = [str(card) for card in objs]
        return rows, {self.opts.verbose_name_plural: len(rows)}, set(), []

    def delete_model(self, request: Any, obj: Prospect) -> None:
        delete_prospect(prospect_id=obj.pk, at=timezone.now(), seen_by=request.user)

    def has_log_contact_permission(self, request: Any, object_id: Any = None) -> bool:
        return self.has_change_permission(request) and not only_looks(request, object_id)

    @action(description=_("Board"), url_path="to-board", icon="view_kanban")
    def open_board(self, request: Any) -> HttpResponse:
        return redirect("admin:prospects_board")

    # The form --------------------------------------------------------------------------------
    def get_fieldsets(self, request: Any, obj: Prospect | None = None) -> Any:
        if obj is None:
            return _tabs(TEAM, ("services",))
        derived = (_("Dates"), DERIVED)
        if not self.has_change_permission(request, obj):
            return _tabs(("shown_team",), ("shown_interests",), derived)
        return _tabs(TEAM, ("services",), derived)

    def get_inlines(self, request: Any, obj: Prospect | None) -> Any:
        is_partner = obj is not None and obj.type == Prospect.Type.PARTNER
        return (*self.inlines, PartnerDataInline) if is_partner else self.inlines

    def get_form(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        form.seen_by = request.user
        return form

    def get_readonly_fields(self, request: Any, obj: Prospect | None = None) -> Any:
        return ("type", *DERIVED) if obj else ()

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        mine = {} if request.user.is_superuser else {"owner": request.user.pk}
        return {**mine, **super().get_changeform_initial_data(request)}

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context |= story_of(obj)
            context |= {
                "tab_list": tabs_of(self.opts, context),
                # In unfold's own place a phone shows them only behind a menu.
                "quick_actions": context.pop("actions_detail", ()),
            }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request: Any, obj: Prospect, form: Any, change: bool) -> None:
        at, columns = timezone.now(), form.columns()
        if not change:
            given = {name: value for name, value in columns.items() if value is not None}
            obj.pk, columns = services.create_prospect(values=given, at=at, by=request.user).pk, {}
        services.edit_prospect(
            prospect_id=obj.pk,
            changes=columns,
            at=at,
            assignments=form.team_changes(),
            service_ids={service.pk for service in form.cleaned_data["services"]},
            seen_by=request.user if change else None,
        )

    def put_back(self, row: Prospect, values: dict[str, Any], *, by: Any, at: Any) -> None:
        services.edit_prospect(prospect_id=row.pk, changes=values, at=at, seen_by=by)

    # Columns ---------------------------------------------------------------------------------
    @display(description=_("company"), ordering="company_name")
    def title(self, card: Prospect) -> str:
        return str(card)

    @display(description=_("category"), ordering="category__position")
    def shown_category(self, card: Prospect) -> Any:
        return color_label(card.category)

    @display(description=_("value"), ordering="account_value")
    def value(self, card: Prospect) -> Any:
        return card.account_value

    @display(description=_("last contact"), ordering="last_contact_at")
    def last_contact(self, card: Prospect) -> str:
        return short_day(card.last_contact_at)

    @display(description=_("next contact"), ordering="next_contact_at")
    def next_contact(self, card: Prospect) -> str:
        return short_day(card.next_contact_at)

    @display(description=_("first contact"), ordering="first_contact_at")
    def first_contact(self, card: Prospect) -> str:
        return short_day(card.first_contact_at)

    @display(description=_("phone"))
    def full_phone(self, card: Prospect) -> str:
        return card.e164

    @display(description=_("created"), ordering="created_at")
    def created(self, card: Prospect) -> str:
        return short_day(card.created_at)

    @display(description=_("team"))
    def shown_team(self, card: Prospect) -> str:
        return ", ".join(str(part) for part in card.assignments.select_related("user")) or "-"

    @display(description=_("services of interest"))
    def shown_interests(self, card: Prospect) -> str:
        return ", ".join(str(part) for part in card.interests.select_related("service")) or "-"

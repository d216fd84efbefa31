from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action, display

from core.back_office import BackOfficeAdmin, link_row, short_day
from core.back_office_choices import SeenChoices
from core.back_office_filters import DateRangeFilter, DayRangeFilter
from core.back_office_pictures import color_dot
from prospects.contacts.models import Contact
from prospects.pipeline.searching import search_pattern
from sales.deals.forms import DealForm
from sales.deals.many import ManyDeals
from sales.deals.models import Deal, DealContact, StageStay
from sales.deals.services import create_deal, delete_deal, edit_deal
from sales.deals.steps import ClosingFilter, StepFilter
from sales.pipelines.models import Stage

FIELDS = ("name", ("amount", "currency"), "stage", "probability", "expected_close_date", "owner")

KNOWN = ("shown_status", "closed_at", "documents", "created")


class PeopleFormSet(forms.BaseInlineFormSet):
    """The contacts of a deal; the page writes them together, by the service."""

    def contact_ids(self) -> list[int]:
        """The ids of those who stay or come."""
        kept = (form.cleaned_data for form in self.forms if form.cleaned_data)
        return [each["contact"].pk for each in kept if each.get("contact") and not each["DELETE"]]


class PeopleInline(SeenChoices, TabularInline):
    """The contacts of a deal whom the user sees."""

    model = DealContact
    formset = PeopleFormSet
    fields = ("contact",)
    autocomplete_fields = ("contact",)
    extra = 0
    tab = True

    # They are part of the deal.
    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return bool(request.user.has_perm("sales.change_deal"))

    has_change_permission = has_delete_permission = has_add_permission

    def get_queryset(self, request: Any) -> Any:
        seen = Contact.objects.visible_to(request.user, are_few=True)
        return super().get_queryset(request).filter(contact__in=seen).select_related("contact")


class StayInline(TabularInline):
    """Where a deal stood, and how long."""

    model = StageStay
    fields = readonly_fields = ("stage_name", "entered_at", "left_at", "duration", "moved_by")
    extra = 0
    can_delete = False
    tab = True
    ordering = ("-entered_at", "-pk")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("moved_by")

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    @display(description=_("duration"))
    def duration(self, stay: StageStay) -> str:
        until = stay.left_at or timezone.now()
        return timesince(stay.entered_at, max(until, stay.entered_at + timedelta(seconds=1)))


@admin.register(Deal)
class DealAdmin(ManyDeals, BackOfficeAdmin):
    """The deals that a user sees: listed, changed, moved, won and lost."""

    form = DealForm
    put_back_columns = frozenset(
        ("name", "amount", "currency", "probability", "expected_close_date", "owner_id")
    )
    list_display = (
        *("name", "shown_stage", "shown_amount", "shown_probability", "shown_weighted", "owner"),
        *("expected_close_date", "created"),
    )
    list_select_related = ("stage", "owner")
    list_filter = (
        "status",
        ("pipeline", RelatedDropdownFilter),
        ("stage", RelatedDropdownFilter),
        ("owner", RelatedDropdownFilter),
        StepFilter,
        ClosingFilter,
        ("expected_close_date", DateRangeFilter),
        ("created_at", DayRangeFilter),
        ("closed_at", DayRangeFilter),
    )
    list_fullwidth = True
    ordering = ("-pk",)
    search_fields = ("search_text",)
    search_help_text = _("Name of the deal")
    actions = ("move", "win", "lose")
    actions_list = ("open_board",)

    # Who sees and does what ------------------------------------------------------------------
    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).visible_to(request.user)

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        pattern = search_pattern(search_term)
        return (queryset.filter(search_text__like=pattern) if pattern else queryset), False

    def has_change_permission(self, request: Any, obj: Deal | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or Deal.objects.changeable_by(request.user).filter(pk=obj.pk).exists()

    def get_actions(self, request: Any) -> Any:
        """Without Django's own deleting of many, which would delete for good."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Any, request: Any) -> Any:
        """Nothing vanishes with a deal: it can be brought back."""
        return [str(deal) for deal in objs], {}, set(), []

    @action(description=_("Board"), url_path="to-board", icon="view_kanban")
    def open_board(self, request: Any) -> HttpResponse:
        return redirect("admin:sales_board")

    # The form --------------------------------------------------------------------------------
    def get_fieldsets(self, request: Any, obj: Deal | None = None) -> Any:
        more = ("lost_reason",) if obj and obj.status == Deal.Status.LOST else ()
        known = KNOWN if obj else ()
        return [(None, {"fields": (*FIELDS, *more, *known)})]

    def get_readonly_fields(self, request: Any, obj: Deal | None = None) -> Any:
        return KNOWN if obj else ()

    def get_inlines(self, request: Any, obj: Deal | None) -> Any:
        return (PeopleInline, StayInline) if obj else (PeopleInline,)

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        mine = {} if request.user.is_superuser else {"owner": request.user.pk}
        first = Stage.objects.filter(pipeline__is_default=True).in_order().first()
        mine |= {"stage": first.pk} if first else {}
        return {**mine, **super().get_changeform_initial_data(request)}

    # What is written -------------------------------------------------------------------------
    def save_model(self, request: Any, obj: Deal, form: Any, change: bool) -> None:
        stage, by, at = form.cleaned_data["stage"], request.user, timezone.now()
        where = {"stage_id": stage.pk, "pipeline_id": stage.pipeline_id}
        if change:
            edit_deal(deal_id=obj.pk, values=form.columns(), by=by, at=at, **where)
        else:
            obj.pk = create_deal(values=form.columns(), by=by, at=at, **where).pk

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        if isinstance(formset, PeopleFormSet) and formset.has_changed():
            ids, by, at = formset.contact_ids(), request.user, timezone.now()
            edit_deal(deal_id=form.instance.pk, values={}, contact_ids=ids, by=by, at=at)
        formset.new_objects = formset.changed_objects = formset.deleted_objects = []

    def put_back(self, row: Deal, values: dict[str, Any], *, by: Any, at: Any) -> None:
        edit_deal(deal_id=row.pk, values=values, by=by, at=at)

    def delete_model(self, request: Any, obj: Deal) -> None:
        delete_deal(deal_id=obj.pk, by=request.user, at=timezone.now())

    # Columns ---------------------------------------------------------------------------------
    @display(description=_("stage"), ordering="stage__position")
    def shown_stage(self, deal: Deal) -> Any:
        return format_html(
            '<span class="inline-flex items-center gap-2 whitespace-nowrap">{}{}</span>',
            color_dot(deal.stage.color),
            deal.stage,
        )

    @display(description=_("amount"), ordering="amount")
    def shown_amount(self, deal: Deal) -> str:
        return f"{deal.amount:,.2f} {deal.currency}"

    @display(description=_("probability"), ordering="probability")
    def shown_probability(self, deal: Deal) -> str:
        return f"{deal.probability} %"

    @display(description=_("weighted"))
    def shown_weighted(self, deal: Deal) -> str:
        return f"{deal.weighted_amount:,.2f}"

    @display(description=_("status"))
    def shown_status(self, deal: Deal) -> str:
        return str(Deal.Status(deal.status).label)

    @display(description=_("created"), ordering="created_at")
    def created(self, deal: Deal) -> str:
        return short_day(deal.created_at)

    @display(description=_("documents"))
    def documents(self, deal: Deal) -> str:
        kinds = (_("quotes"), "quote"), (_("contracts"), "contract"), (_("invoices"), "invoice")
        lists = (
            (name, f"{reverse(f'admin:sales_{kind}_changelist')}?deal__id__exact={deal.pk}")
            for name, kind in kinds
        )
        return link_row([*lists, (_("new quote"), _quote_of(deal))])


def _quote_of(deal: Deal) -> str:
    """Where a quote of a deal is written, about its first contact."""
    first = DealContact.objects.filter(deal=deal).order_by("pk").values_list("contact", flat=True)
    about = {"deal": deal.pk, "contact": first.first() or ""}
    return f"{reverse('admin:sales_quote_add')}?{urlencode(about)}"

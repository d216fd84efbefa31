from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action, display

from core.back_office import CHOOSE_TENANT, BackOfficeAdmin, short_day
from core.errors import InvalidInput
from core.tenancy import current_tenant
from prospects.contacts.models import Contact
from sales.conditions.compiling import fulfilling
from sales.conditions.texts import text_condition
from sales.segment_pages.builder import read_sent, say_refusal
from sales.segment_pages.forms import SegmentForm
from sales.segment_pages.members import members_page
from sales.segment_pages.wording import say_conditions
from sales.segments.membership import count_members
from sales.segments.models import Segment
from sales.segments.services import create_segment, delete_segment, edit_segment

SHOWN_IN_PREVIEW = 10


@admin.register(Segment)
class SegmentAdmin(BackOfficeAdmin):
    """Segments: put together row by row, with how many people are in them."""

    form = SegmentForm
    list_display = ("name", "shown_type", "people", "created_by", "created")
    list_filter = ("type", ("created_by", RelatedDropdownFilter))
    ordering = ("-pk",)
    search_fields = ("name",)
    actions_detail = ("see_members",)

    # Who sees and does what ------------------------------------------------------------------
    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("tenant", "created_by")

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        found = text_condition(F("name"), "contains", search_term) if search_term else None
        return (queryset.filter(found) if found else queryset), False

    def get_actions(self, request: Any) -> Any:
        """Without Django's own deleting of many, which asks no service."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_changelist_instance(self, request: Any) -> Any:
        """The page's members are counted in one statement."""
        changelist = super().get_changelist_instance(request)
        segments: Any = list(changelist.result_list)
        counts = count_members(segments, by=request.user)
        for segment in segments:
            segment.member_count = counts.get(segment.pk, 0)
        changelist.result_list = segments
        return changelist

    # The form --------------------------------------------------------------------------------
    def get_fields(self, request: Any, obj: Segment | None = None) -> Any:
        if obj and not self.has_change_permission(request, obj):
            return ("name", "type", "said", "created_by", "created_at")
        return ("name", "type", "conditions")

    def get_readonly_fields(self, request: Any, obj: Segment | None = None) -> Any:
        return ("type",) if obj else ()

    def save_model(self, request: Any, obj: Segment, form: Any, change: bool) -> None:
        sent = form.cleaned_data
        if change:
            values = {name: sent[name] for name in ("name", "conditions") if name in sent}
            edit_segment(segment_id=obj.pk, values=values, by=request.user)
        else:
            obj.pk = create_segment(**sent, contact_ids=(), by=request.user).pk

    def response_add(self, request: Any, obj: Segment, *args: Any, **kwargs: Any) -> HttpResponse:
        """Into a new static one people are put next."""
        answer = super().response_add(request, obj, *args, **kwargs)
        if obj.is_dynamic or "_addanother" in request.POST:
            return answer
        return redirect("admin:sales_segment_members", obj.pk)

    def delete_model(self, request: Any, obj: Segment) -> None:
        delete_segment(segment_id=obj.pk)

    # Pages -----------------------------------------------------------------------------------
    def get_urls(self) -> Any:
        wrap = self.admin_site.admin_view
        return [
            path("preview/", wrap(self.preview), name="sales_segment_preview"),
            path("<id:pk>/members/", wrap(self.members), name="sales_segment_members"),
            *super().get_urls(),
        ]

    @action(description=_("People in it"), url_path="to-members", icon="groups")
    def see_members(self, request: Any, object_id: Any) -> HttpResponse:
        return redirect("admin:sales_segment_members", object_id)

    def members(self, request: Any, pk: int) -> HttpResponse:
        """Who is in a segment, drawn and listed."""
        segment = self.get_object(request, str(pk))
        if segment is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if not self.has_view_permission(request, segment):
            raise PermissionDenied
        may_change = self.has_change_permission(request, segment)
        return members_page(self, request, segment, may_change=may_change)

    def preview(self, request: Any) -> HttpResponse:
        """How many people fulfil the conditions that stand on the page, and some of them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if current_tenant() is None:
            return JsonResponse({"problem": str(CHOOSE_TENANT)})
        try:
            conditions = read_sent(request.POST.get("conditions"))
        except InvalidInput as refusal:
            return JsonResponse({"problem": say_refusal(refusal)})
        people = Contact.objects.visible_to(request.user, are_many=True)
        found = fulfilling(conditions, people, zone=timezone.get_current_timezone())
        newest = [str(person) for person in found.order_by("-pk")[:SHOWN_IN_PREVIEW]]
        number = found.count()
        text = ngettext("%s person fulfils this", "%s people fulfil this", number)
        count = text % number_format(number, force_grouping=True)
        return JsonResponse({"count": count, "people": newest})

    # Columns ---------------------------------------------------------------------------------
    @display(description=_("type"), ordering="type", label={"static": "info", "dynamic": "success"})
    def shown_type(self, segment: Segment) -> tuple[str, str]:
        return segment.type, str(Segment.Type(segment.type).label)

    @display(description=_("people"))
    def people(self, segment: Any) -> Any:
        url = reverse("admin:sales_segment_members", args=[segment.pk])
        count = number_format(segment.member_count, force_grouping=True)
        link = '<a class="font-semibold text-primary-600" href="{}">{}</a>'
        return format_html(link, url, count)

    @display(description=_("conditions"))
    def said(self, segment: Segment) -> Any:
        lines = ((line,) for line in say_conditions(segment.conditions))
        return format_html_join("", "<p>{}</p>", lines) or "-"

    @display(description=_("created"), ordering="created_at")
    def created(self, segment: Segment) -> str:
        return short_day(segment.created_at)

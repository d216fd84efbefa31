"""The page of who is in a segment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.back_office_charts import chart_context
from core.errors import DomainError
from prospects.contacts.models import Contact, LifecycleStage
from sales.contacts.rows import contact_rows
from sales.segment_pages.charts import member_panels
from sales.segment_pages.forms import PeopleForm
from sales.segment_pages.wording import say_conditions
from sales.segments.membership import members_seen
from sales.segments.models import Segment
from sales.segments.services import add_members, remove_members

PER_PAGE = 50
LONGEST_ID = 18  # digits


def members_page(admin: Any, request: Any, segment: Segment, *, may_change: bool) -> HttpResponse:
    """Show who is in a segment; of a static one, put people in and take them out."""
    may_edit = may_change and not segment.is_dynamic
    sent = request.POST if request.method == "POST" else None
    form = PeopleForm(sent, by=request.user) if may_edit else None
    if form is not None and sent is not None:
        if "remove" in sent:
            return _take_out(request, segment)
        if form.is_valid():
            return _put_in(request, segment, form)
    people = members_seen(segment, by=request.user)
    panels = member_panels(people, at=timezone.now())
    ids = people.order_by("-pk").values_list("pk", flat=True)
    page: Any = Paginator(ids, PER_PAGE).get_page(request.GET.get("p", "1"))
    shown = {
        **admin.admin_site.each_context(request),
        **chart_context(panels),
        "title": str(segment),
        "opts": admin.opts,
        "segment": segment,
        "said": say_conditions(segment.conditions),
        "page": page,
        "rows": _rows(list(page)),
        "form": form,
        "media": admin.media + form.media if form else admin.media,
    }
    return TemplateResponse(request, "sales/segment_members.html", shown)


def _put_in(request: Any, segment: Segment, form: PeopleForm) -> HttpResponse:
    ids = [person.pk for person in form.cleaned_data["people"]]
    try:
        add_members(segment_id=segment.pk, contact_ids=ids, by=request.user)
    except DomainError as refusal:  # it, or somebody, is gone since the page was shown
        messages.error(request, refusal.message)
    else:
        text = ngettext("%d person is in it now.", "%d people are in it now.", len(ids))
        messages.success(request, text % len(ids))
    return redirect("admin:sales_segment_members", segment.pk)


def _take_out(request: Any, segment: Segment) -> HttpResponse:
    sent = request.POST.getlist("remove")
    ids = [int(pk) for pk in sent if pk.isascii() and pk.isdigit() and len(pk) <= LONGEST_ID]
    try:
        remove_members(segment_id=segment.pk, contact_ids=ids, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Taken out."))
    return redirect("admin:sales_segment_members", segment.pk)


def _rows(ids: list[int]) -> list[dict[str, Any]]:
    stages = dict(LifecycleStage.choices)
    rows = contact_rows(Contact.objects.filter(pk__in=ids)).order_by("-pk")
    return [
        {
            **row,
            "name": f"{row['first_name']} {row['last_name']}".strip() or row["email"] or "-",
            "url": reverse("admin:prospects_contact_change", args=[row["id"]]),
            "stage": stages[row["lifecycle_stage"]],
        }
        for row in rows
    ]

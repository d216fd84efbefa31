"""Actions of lists that a worker does."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminRadioSelectWidget

from accounts.bulk_jobs.admin import export_response
from accounts.bulk_jobs.bar import new_key
from accounts.bulk_jobs.services import start_job
from core.back_office_asking import name_of_list
from core.back_office_choices import row_ids
from core.back_office_many import ACROSS, KEY, is_across
from core.back_office_pages import count_text
from core.errors import DomainError
from core.tables_out import CSV, XLSX


def do_later(request: Any, admin: Any, kind: str, given: dict[str, Any]) -> HttpResponse:
    """Have a worker do something to all rows of the list that a request is about; show the job."""
    try:
        job = start_job(
            kind=kind,
            list_name=name_of_list(admin),
            query=request.GET.urlencode(),
            given=given,
            key=request.POST.get(KEY, ""),
            by=request.user,
            at=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(request.get_full_path())
    return redirect("admin:accounts_bulkjob_change", job.pk)


class FormatForm(forms.Form):
    """What kind of file."""

    format = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[(XLSX, "Excel (XLSX)"), (CSV, "CSV")],
        initial=XLSX,
        widget=UnfoldAdminRadioSelectWidget,
    )


def export_ticked(request: Any, admin: Any, rows: Any) -> HttpResponse:
    """Ask what kind of file, then export the ticked rows, or all that the list has."""
    form = FormatForm(request.POST if "apply" in request.POST else None)
    ticked = row_ids(request.POST.getlist(ACTION_CHECKBOX_NAME))
    across = is_across(request)
    if form.is_valid():
        query = request.GET.copy()
        if not across:
            query["id__in"] = ",".join(map(str, ticked))
        return export_response(
            request,
            back=request.get_full_path(),
            list_name=name_of_list(admin),
            query=query.urlencode(safe=","),
            kind=form.cleaned_data["format"],
            key=request.POST.get(KEY, ""),
        )
    hidden = [("action", request.POST["action"]), ("apply", 1), (KEY, new_key())]
    hidden += [(ACROSS, 1), *((ACTION_CHECKBOX_NAME, pk) for pk in ticked)][0 if across else 1 :]
    count = count_text(rows) if across else str(len(ticked))
    intro = _("%s rows selected.") % count
    shown: Any = {"title": _("Export"), "verb": _("Export"), "hidden": hidden, "intro": intro}
    page: HttpResponse = admin.form_page(request, form, **shown)
    return page

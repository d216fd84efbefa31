"""Parts of a card's page that are read when looked at, and the note written beside them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from core.back_office import show_refusal
from core.errors import DomainError
from crm_project.back_office.card.timeline import read_timeline
from crm_project.back_office.card.under_way import under_way
from prospects.cards.one import write_note
from prospects.followups.forms import NoteForm
from prospects.models import FollowUpNote, Prospect

NATIVE = {"type": "datetime-local"}


class QuickNoteForm(NoteForm):
    """The same in few lines, with the browser's own picker of moments."""

    scheduled_at: Any = forms.DateTimeField(
        label=_("Next contact"), required=False, widget=UnfoldAdminTextInputWidget(NATIVE)
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"action": FollowUpNote.Action.CALL})
        self.fields["note"].widget.attrs["rows"] = 2


def card_urls() -> list[URLPattern]:
    """Pages inside the back office's site; `prospects/card_story.html` asks for them by name."""
    view = admin.site.admin_view
    return [
        path("prospects/prospect/<id:pk>/timeline/", view(timeline), name="card_timeline"),
        path("prospects/prospect/<id:pk>/under-way/", view(work), name="card_under_way"),
    ]


def timeline(request: Any, pk: int) -> HttpResponse:
    """What happened with a card; a POST writes a note first."""
    card = _card(request, pk)
    may_write = request.user.has_perm("prospects.change_prospect") and (
        Prospect.objects.changeable_by(request.user).filter(pk=pk).exists()
    )
    form = QuickNoteForm(request.POST if request.method == "POST" else None)
    is_written = may_write and form.is_valid() and _is_written(request, card, form)
    if is_written:
        form = QuickNoteForm()
    shown = {
        "card": card,
        "page": read_timeline(pk, request.user, after=request.GET.get("after", "")),
        "is_rest": "after" in request.GET,
        "form": form if may_write else None,
        "is_written": is_written,
    }
    return TemplateResponse(request, "crm_project/card_timeline.html", shown)


def work(request: Any, pk: int) -> HttpResponse:
    """What is under way with a card."""
    panels = under_way(_card(request, pk), request.user)
    return TemplateResponse(request, "crm_project/card_under_way.html", {"panels": panels})


def _card(request: Any, pk: int) -> Prospect:
    if not request.user.has_perm("prospects.view_prospect"):
        raise Http404
    card = Prospect.objects.visible_to(request.user).filter(pk=pk).first()
    if card is None:
        raise Http404
    return card


def _is_written(request: Any, card: Prospect, form: NoteForm) -> bool:
    try:
        write_note(request, card, form.cleaned_data)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    return True

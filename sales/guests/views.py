from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from sales.guests.calendar_file import PUBLISH, calendar_file
from sales.guests.pages import ANSWERS, INVITATIONS, answer_by_link, page_of
from sales.invitations.models import EventMail
from sales.portal.guarding import form_token
from sales.portal.pages import link_page


class AnswerForm(forms.Form):
    """Whether somebody comes."""

    status = forms.ChoiceField(choices=[(value, label) for value, label, _look in ANSWERS])


@link_page("GET", "HEAD", links=INVITATIONS)
def invitation(request: Any, mail: EventMail) -> HttpResponse:
    """The event, and what was answered. Looking changes nothing: programs that check mails look,
    too."""
    return _show(request, mail, path=request.path)


@link_page("GET", "HEAD", links=INVITATIONS)
def invitation_file(request: Any, mail: EventMail) -> HttpResponse:
    """The event for a calendar."""
    name, at = mail.tenant.name, timezone.now()
    file = calendar_file(mail.event, method=PUBLISH, at=at, organizer=name)
    answer = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="event.ics"'
    return answer


@link_page("POST", links=INVITATIONS)
def answer(request: Any, mail: EventMail) -> HttpResponse:
    """Note whether they come; then back to the page by GET."""
    form, page = AnswerForm(request.POST), request.path.rpartition("/")[0]
    if not form.is_valid():
        return _show(request, mail, path=page, status=422)
    answer_by_link(mail, form.cleaned_data["status"], at=timezone.now())
    seen = redirect(page)
    seen.status_code = 303
    return seen


def _show(request: Any, mail: EventMail, *, path: str, status: int = 200) -> HttpResponse:
    given = {"path": path, "form_token": form_token(request, mail.token_hash)}
    return render(request, "sales/link/invitation.html", page_of(mail) | given, status=status)

"""Actions of lists: what is done to many rows is asked once and then done to each that may be
changed, at once to a few hundred, by a worker to all that a list has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.back_office_pages import count_text
from core.errors import DomainError
from core.tenancy import current_tenant

AT_ONCE = 500  # rows that one action changes while one waits
ACROSS, KEY = "select_across", "key"

Given = dict[str, Any]


class ManyRows:
    """Mixed into an admin whose actions ask once and then change the selected rows."""

    form_page: Any
    ask_for_tenant: Any

    def change_many(
        self,
        request: Any,
        rows: Any,
        do: Callable[[Any, Given], Any],
        *,
        form_of: Callable[[Any], forms.Form] = forms.Form,
        **shown: Any,
    ) -> HttpResponse | None:
        """Ask what to do with the selected rows, then do it; who is refused keeps none back.

        :param do: a row and what was filled in.
        :param form_of: what was sent, or None, → the form that asks for more.
        :param shown: on the page that asks.
        """

        def each(ids: list[int], given: Given) -> None:
            _do_each(request, rows.filter(pk__in=ids).order_by("pk"), given, do)

        return self.ask_about(request, rows, each, form_of=form_of, **shown)

    def ask_about(
        self,
        request: Any,
        rows: Any,
        do: Callable[[list[int], Given], HttpResponse | None],
        *,
        form_of: Callable[[Any], forms.Form] = forms.Form,
        later: Callable[[Given], HttpResponse] | None = None,
        intro: Any = "",
        **shown: Any,
    ) -> HttpResponse | None:
        """Ask what to do with the selected rows that may be changed, then do it to all together.

        :param do: their ids and what was filled in.
        :param later: what was filled in → the page of the job that does it to all rows of the list,
            where there are more than are changed at once; None: so many are refused.
        """
        if current_tenant() is None:
            return self.ask_for_tenant(request)  # type: ignore[no-any-return]
        rows = rows.changeable_by(request.user).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[: AT_ONCE + 1])
        are_many = len(ids) > AT_ONCE
        if are_many and (later is None or not is_across(request)):
            messages.error(request, _("Select at most %d rows at once.") % AT_ONCE)
            return None
        form = form_of(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            if are_many and later is not None:
                return later(form.cleaned_data)
            return do(ids, form.cleaned_data)
        across: list[tuple[str, Any]] = [(ACROSS, 1)] if are_many else []
        hidden = [(ACTION_CHECKBOX_NAME, pk) for pk in (ids[:1] if are_many else ids)]
        hidden += [*across, ("action", request.POST["action"]), ("apply", 1)]
        hidden += [(KEY, request.POST.get(KEY) or uuid4().hex)]
        intro = f"{_selected(rows, ids)} {intro}".strip()
        return self.form_page(request, form, hidden=hidden, intro=intro, **shown)  # type: ignore[no-any-return]


def is_across(request: Any) -> bool:
    """Whether an action is about all rows of the list, not only those that are ticked."""
    return request.POST.get(ACROSS) not in (None, "", "0", "false", "False")


def _selected(rows: Any, ids: list[int]) -> str:
    if len(ids) <= AT_ONCE:
        return ngettext("%d row selected.", "%d rows selected.", len(ids)) % len(ids)
    return str(_("%s rows selected: a worker does it, you are told when it is done.")) % count_text(
        rows
    )


def _do_each(request: Any, rows: Any, given: Given, do: Any) -> None:
    count = 0
    for row in rows:
        try:
            do(row, given)
        except DomainError as refusal:
            messages.error(request, f"{row}: {refusal.message}")
        else:
            count += 1
    messages.success(request, ngettext("%d row changed.", "%d rows changed.", count) % count)

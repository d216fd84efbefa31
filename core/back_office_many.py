"""Actions of lists that do something to each of the selected rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import DomainError
from core.tenancy import current_tenant

AT_ONCE = 500  # rows that one action changes


class ManyRows:
    """Mixed into an admin whose actions ask once and then change each selected row by itself."""

    form_page: Any
    ask_for_tenant: Any

    def change_many(
        self,
        request: Any,
        rows: Any,
        do: Callable[[Any, dict[str, Any]], Any],
        *,
        form_of: Callable[[Any], forms.Form] = forms.Form,
        **shown: Any,
    ) -> HttpResponse | None:
        """Ask what to do with the selected rows, then do it; who is refused keeps none back.

        :param do: a row and what was filled in.
        :param form_of: what was sent, or None, → the form that asks for more.
        :param shown: on the page that asks.
        """
        if current_tenant() is None:
            return self.ask_for_tenant(request)
        chosen = list(rows.changeable_by(request.user).order_by("pk")[: AT_ONCE + 1])
        if len(chosen) > AT_ONCE:
            messages.error(request, _("Select at most %d rows at once.") % AT_ONCE)
            return None
        form = form_of(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            _do_each(request, chosen, form.cleaned_data, do)
            return None
        hidden = [(ACTION_CHECKBOX_NAME, row.pk) for row in chosen]
        hidden += [("action", request.POST["action"]), ("apply", 1)]
        intro = ngettext("%d row selected.", "%d rows selected.", len(chosen)) % len(chosen)
        intro = f"{intro} {shown.pop('intro', '')}".strip()
        return self.form_page(request, form, hidden=hidden, intro=intro, **shown)


def _do_each(request: Any, rows: list[Any], given: dict[str, Any], do: Any) -> None:
    count = 0
    for row in rows:
        try:
            do(row, given)
        except DomainError as refusal:
            messages.error(request, f"{row}: {refusal.message}")
        else:
            count += 1
    messages.success(request, ngettext("%d row changed.", "%d rows changed.", count) % count)

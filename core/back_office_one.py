"""What is done to one row from its page: asked for once more, then done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from core.back_office import show_refusal
from core.errors import DomainError


def of_row(view: Callable[[Any, Any, Any], HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the row over that a page of an admin is about, or show that there is none."""

    @wraps(view)
    def find(self: Any, request: Any, pk: int) -> HttpResponse:
        row = self.get_object(request, str(pk))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        return view(self, request, row)

    return find


class OneRow:
    """Mixed into the admin of rows with buttons; the page offers what the state allows."""

    MOVES: ClassVar[Mapping[str, Any]] = {}  # what is offered in some states only (`sources`)
    opts: Any
    form_page: Any
    get_object: Any
    has_change_permission: Any
    _get_obj_does_not_exist_redirect: Any

    def worded(self, row: Any) -> AbstractContextManager[Any]:
        """Say what a service refuses about a row as people read it."""
        return nullcontext()

    def row_of(self, request: Any, object_id: Any) -> Any:
        """The row that a page is about, or None; read once for each request."""
        known = request.__dict__.setdefault("rows_read", {})
        key = (self.opts.model_name, str(object_id))
        if key not in known:
            known[key] = self.get_object(request, str(object_id))
        return known[key]

    def has_act_permission(self, request: Any, object_id: Any = None) -> bool:
        return bool(self.has_change_permission(request, self.row_of(request, object_id)))

    def get_actions_detail(self, request: Any, object_id: Any) -> Any:
        """Only what can be done in the state that it has today."""
        found = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        row = self.row_of(request, object_id) if self.MOVES else None
        if row is None:
            return found
        state = row.state_on(timezone.localdate())
        hidden = {name for name, move in self.MOVES.items() if state not in move.sources}
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [each for each in found if each.action_name.removeprefix(prefix) not in hidden]

    def confirm(
        self,
        request: Any,
        object_id: str,
        do: Callable[[Any, dict[str, Any]], Any],
        *,
        verb: Any,
        done: Any = "",
        intro: Any = "",
        form_of: Callable[[Any, Any], forms.Form] | None = None,
    ) -> HttpResponse:
        """Ask whether to do something to a row, do it, and go back to it, or to what it made.

        :param do: the row and what was filled in → None, or the address of what it made.
        :param done: what is said then; nothing, where `do` says it.
        :param intro: a text or, where it takes some finding out, what returns it.
        :param form_of: what was sent and the row → the form that asks for more.
        """
        row = self.row_of(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=(row.pk,))
        data = request.POST if request.method == "POST" else None
        form = forms.Form(data) if form_of is None else form_of(data, row)
        if form.is_valid():
            try:
                with self.worded(row):
                    made = do(row, form.cleaned_data)
            except DomainError as refusal:
                if not refusal.fields:
                    messages.error(request, refusal.message)
                    return redirect(back)
                show_refusal(form, refusal)
            else:
                if done:
                    messages.success(request, str(done))
                return redirect(made or back)
        shown = {"intro": intro() if callable(intro) else intro, "back": back}
        return self.form_page(request, form, title=f"{verb}: {row}", verb=verb, **shown)

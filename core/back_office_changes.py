"""Pages about a row's past: what changed, and one change put back."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.back_office_history import (
    changed_fields,
    changes_of,
    event_model,
    in_words,
    names_of,
    state_and_next,
)
from core.errors import DomainError

Fields = list[Any]


class PastOfRow:
    """Mixed into the admin of rows; those whose past is kept have the pages."""

    put_back_columns: frozenset[str] = frozenset()  # what `put_back` may set; empty: nothing
    admin_site: Any
    form_page: Any
    get_object: Any
    has_view_permission: Any
    has_change_permission: Any
    model: Any
    opts: Any
    _get_obj_does_not_exist_redirect: Any

    def put_back(self, row: Any, values: dict[str, Any], *, by: Any, at: Any) -> None:
        """Set columns of a row through the service that edits it."""
        raise NotImplementedError

    def get_urls(self) -> list[Any]:
        if not self.put_back_columns:
            return super().get_urls()  # type: ignore[misc, no-any-return]
        name = f"{self.opts.app_label}_{self.opts.model_name}_put_back"
        view = self.admin_site.admin_view(self.put_back_view)
        mine = path("<id:object_id>/put-back/<id:event_id>/", view, name=name)
        return [mine, *super().get_urls()]  # type: ignore[misc]

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context |= self.past_context(request, obj)
        answer: HttpResponse = super().render_change_form(  # type: ignore[misc]
            request, context, *args, obj=obj, **kwargs
        )
        return answer

    def past_context(self, request: Any, row: Any) -> dict[str, Any]:
        """What the pages that show a row's past know of it."""
        may = bool(self.put_back_columns) and self.has_change_permission(request, row)
        return {"has_changes": event_model(self.model) is not None, "may_put_back": may}

    def history_view(self, request: Any, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What changed, by whom, through which door."""
        row = self.get_object(request, object_id)
        if row is None or event_model(self.model) is None:
            answer: HttpResponse = self._get_obj_does_not_exist_redirect(
                request, self.opts, object_id
            )
            return answer
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **self.past_context(request, row),
            "title": _("Changes: %s") % row,
            "changes": changes_of(row, seen_by=request.user),
            "opts": self.opts,
            "original": row,
            "back": self._page_of(row),
        }
        return TemplateResponse(request, "back_office/history.html", context)

    def put_back_view(self, request: Any, object_id: int, event_id: int) -> HttpResponse:
        """Ask whether to, saying what is overwritten; then put one change back."""
        row = self.get_object(request, str(object_id))
        if row is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        found = state_and_next(row, event_id)
        if found is None:
            raise Http404
        old, new = found
        fields = [
            each for each in changed_fields(old, new) if each.attname in self.put_back_columns
        ]
        if not fields:
            messages.error(request, _("Nothing of this change can be put back here."))
            return redirect(self._page_of(row))
        form = forms.Form(request.POST if request.method == "POST" else None)
        if form.is_valid() and self._done(request, row.pk, old, fields, form):
            messages.success(request, _("Put back."))
            return redirect(self._page_of(row))
        return self.form_page(
            request,
            form,
            title=_("Put back: %s") % row,
            back=self._page_of(row),
            intro=_told(row, old, new, fields, request.user),
            verb=_("Put back"),
            hidden=[("seen", _seen(row, fields))],
        )

    @transaction.atomic
    def _done(self, request: Any, row_id: int, old: Any, fields: Fields, form: Any) -> bool:
        row = self.model.objects.select_for_update().filter(pk=row_id).first()
        if row is None or request.POST.get("seen") != _seen(row, fields):
            form.add_error(None, _("It was changed meanwhile: look again at what is put back."))
            return False
        values = {each.attname: getattr(old, each.attname) for each in fields}
        gone = [each for each in fields if not _is_there(each, values[each.attname])]
        if gone:
            name = str(gone[0].verbose_name)
            form.add_error(None, _("What it was does not exist any more: %s.") % name)
            return False
        try:
            with transaction.atomic():
                self.put_back(row, values, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return False
        return True

    def _page_of(self, row: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=(row.pk,))


def _seen(row: Any, fields: Fields) -> str:
    """A mark of what stands in some columns now: whoever confirms has seen just that."""
    values = json.dumps([str(getattr(row, each.attname)) for each in fields])
    return hashlib.sha256(values.encode()).hexdigest()


def _told(row: Any, old: Any, new: Any, fields: Fields, user: Any) -> str:
    """What stands there now, and what will; and what somebody has made of it since."""
    names = names_of([(old, new), (old, row)], user)
    lines = []
    for each in fields:
        now, then = in_words(each, row, names), in_words(each, old, names)
        text = _("%(label)s: %(now)s becomes %(then)s.")
        if getattr(row, each.attname) != getattr(new, each.attname):
            text = _("%(label)s: %(now)s becomes %(then)s. It was changed again since then.")
        label = capfirst(str(each.verbose_name))
        lines.append((text % {"label": label, "now": _shown(now), "then": _shown(then)},))
    return format_html_join(mark_safe("<br>"), "{}", lines)


def _shown(value: Any) -> Any:
    return localize(value) if value not in (None, "") else "—"


def _is_there(field: Any, value: Any) -> bool:
    """Whether what a column pointed at can be pointed at again."""
    if value is None or not field.is_relation:
        return True
    rows = field.related_model._default_manager.all()
    rows = rows.active() if hasattr(rows, "active") else rows
    return bool(rows.filter(pk=value).exists())

"""What is done to one document or payment from its page: asked for once more, then done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from core.back_office import show_refusal
from core.errors import DomainError
from sales.desk.forms import SendForm
from sales.desk.wording import worded
from sales.documents.states import Move
from sales.documents.views import pdf_answer
from sales.mailing.services import Letter


class OneRow:
    """Mixed into the admin of documents and payments; the page offers what the state allows."""

    MOVES: ClassVar[Mapping[str, Move]] = {}  # what is offered in some states only
    opts: Any
    form_page: Any
    get_object: Any
    has_change_permission: Any
    _get_obj_does_not_exist_redirect: Any

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
        row, found = self.row_of(request, object_id), super().get_actions_detail(request, object_id)  # type: ignore[misc]
        if row is None or not self.MOVES:
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
        done: Any,
        intro: Any = "",
        form_of: Callable[[Any, Any], forms.Form] | None = None,
    ) -> HttpResponse:
        """Ask whether to do something to a row, do it, and go back to it, or to what it made.

        :param do: the row and what was filled in → None, or the address of what it made.
        :param form_of: what was sent and the row → the form that asks for more.
        """
        row = self.row_of(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        back = reverse(f"admin:sales_{self.opts.model_name}_change", args=(row.pk,))
        data = request.POST if request.method == "POST" else None
        form = forms.Form(data) if form_of is None else form_of(data, row)
        if form.is_valid():
            try:
                with worded(row):
                    made = do(row, form.cleaned_data)
            except DomainError as refusal:
                if not refusal.fields:
                    messages.error(request, refusal.message)
                    return redirect(back)
                show_refusal(form, refusal)
            else:
                messages.success(request, str(done))
                return redirect(made or back)
        title = f"{verb}: {row}"
        return self.form_page(request, form, title=title, verb=verb, intro=intro, back=back)


class OneDocument(OneRow):
    """Mixed into the admin of documents: sent, cancelled, looked at as a PDF."""

    render: ClassVar[Any]  # a document → its PDF
    SEND: ClassVar[Any]
    CANCEL: ClassVar[Any]
    has_view_permission: Any

    def call(self, request: Any, service: Any) -> Callable[[Any, dict[str, Any]], None]:
        """A service as `confirm` calls it; what was filled in goes along."""

        def do(row: Any, given: dict[str, Any]) -> None:
            who = {f"{self.opts.model_name}_id": row.pk, "by": request.user}
            service(**who, at=timezone.now(), **given)

        return do

    @action(description=_("PDF"), url_path="pdf", icon="picture_as_pdf", attrs={"target": "_blank"})
    def pdf(self, request: Any, object_id: str) -> HttpResponse:
        document = self.row_of(request, object_id)
        if document is None or not self.has_view_permission(request, document):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return pdf_answer(self.render(document), document.number_text)

    @action(description=_("Send"), url_path="send", icon="send", permissions=["act"])
    def send(self, request: Any, object_id: str) -> HttpResponse:
        def mail(document: Any, given: dict[str, Any]) -> None:
            self.call(request, self.SEND)(document, {"letter": Letter(**given)})

        return self.confirm(
            request,
            object_id,
            mail,
            verb=_("Send"),
            done=_("It is sent."),
            intro=_("From now on its content stands. What was sent may be sent again."),
            form_of=lambda data, row: SendForm(data, initial={"to": row.contact.email}),
        )

    @action(description=_("Cancel it"), url_path="cancel", icon="block", permissions=["act"])
    def cancel(self, request: Any, object_id: str) -> HttpResponse:
        return self.confirm(
            request,
            object_id,
            self.call(request, self.CANCEL),
            verb=_("Cancel it"),
            done=_("It is cancelled."),
            intro=_("A cancelled one stays so."),
        )

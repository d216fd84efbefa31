"""What is done to one document from its page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from core.back_office_one import OneRow
from sales.desk.forms import SendForm
from sales.desk.wording import worded
from sales.documents.views import pdf_answer
from sales.mailing.services import Letter


class OneOfSales(OneRow):
    """Mixed into the admin of what documents' rules are about: their refusals are worded."""

    def worded(self, row: Any) -> AbstractContextManager[Any]:
        return worded(row)


class OneDocument(OneOfSales):
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

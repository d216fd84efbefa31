"""What was mailed of a document, and what its client did: for those who see the document."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.views import TenantAPIView
from core.errors import NotFound
from sales.mailing.models import DocumentMail
from sales.portal.models import ClientAct
from sales.portal.serializers import MailSerializer
from sales.sending.kinds import KINDS

AT_MOST = 100  # the newest
SHAPE = inline_serializer("MailsInData", {"data": MailSerializer(many=True)})


class MailsView(TenantAPIView):
    """The mails of a document that the caller sees, the newest first, with the evidence of what
    was done by their links."""

    surface = Surface.SALES
    kind: ClassVar[str]

    @extend_schema(responses=SHAPE)
    def get(self, request: Any, pk: int) -> Response:
        documents = KINDS[self.kind].model.objects.visible_to(request.user)
        if not documents.filter(pk=pk).exists():
            raise NotFound("Not found.")
        acts = ClientAct.objects.defer("shown_pdf").order_by("pk")
        mails = DocumentMail.objects.filter(**{self.kind: pk}).order_by("-pk")
        found = mails.prefetch_related(Prefetch("acts", acts))[:AT_MOST]
        return Response({"data": MailSerializer(found, many=True).data})


class QuoteMailsView(MailsView):
    """The mails of a quote, and how its client answered."""

    permission = "sales.view_quote"
    kind = "quote"


class InvoiceMailsView(MailsView):
    """The mails of an invoice, reminders too."""

    permission = "sales.view_invoice"
    kind = "invoice"


class ContractMailsView(MailsView):
    """The mails of a contract, and how its client signed it."""

    permission = "sales.view_contract"
    kind = "contract"

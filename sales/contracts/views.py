from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.openapi import in_data
from core.api.views import read_body
from core.network import client_address
from sales.contracts.filters import ContractFilter
from sales.contracts.models import Contract
from sales.contracts.serializers import (
    ContractDetailSerializer,
    ContractSerializer,
    ContractWriteSerializer,
    SignSerializer,
)
from sales.contracts.services import (
    cancel_contract,
    create_contract,
    delete_contract,
    edit_contract,
    send_contract,
)
from sales.contracts.sheet import contract_pdf
from sales.contracts.signing import Signer, sign_contract
from sales.documents.views import PDF, DocumentViewSet
from sales.mailing.serializers import SendSerializer, read_letter

DONE = extend_schema(request=None, responses=in_data(ContractDetailSerializer))


class ContractViewSet(DocumentViewSet):
    """The contracts that the caller sees."""

    model = Contract
    permission: ClassVar[Any] = {
        "list": "sales.view_contract",
        "retrieve": "sales.view_contract",
        "pdf": "sales.view_contract",
        "create": "sales.add_contract",
        "update": "sales.change_contract",
        "destroy": "sales.delete_contract",
        "send": "sales.change_contract",
        "sign": "sales.change_contract",
        "cancel": "sales.change_contract",
    }
    COLUMNS = ("type", "value", "start_date", "end_date", "quote_id")
    list_serializer_class = ContractSerializer
    read_serializer_class = ContractDetailSerializer
    write_serializer_class = ContractWriteSerializer
    filterset_class = ContractFilter
    render = staticmethod(contract_pdf)

    @PDF
    def pdf(self, request: Any, pk: int) -> HttpResponse:
        """The contract as a PDF."""
        return self.pdf_of(pk)

    def add(self, sent: Any) -> int:
        return create_contract(
            values=sent.columns(),
            quote_id=sent.validated_data.get("quote_id"),
            by=self.request.user,
            at=timezone.now(),
        ).pk

    def change(self, pk: int, sent: Any) -> None:
        who: Any = {"contract_id": pk, "by": self.request.user, "at": timezone.now()}
        is_cancelled = self.wants_to_cancel(pk, sent)
        edit_contract(values=sent.columns(), **who)
        if is_cancelled:
            cancel_contract(**who)

    def remove(self, pk: int) -> None:
        delete_contract(contract_id=pk, by=self.request.user, at=timezone.now())

    @extend_schema(request=SendSerializer, responses=in_data(ContractDetailSerializer))
    def send(self, request: Any, pk: int) -> Response:
        """Mail a contract to its contact, to be signed."""
        pk = self.seen(pk)
        return self.act(pk, send_contract, contract_id=pk, letter=read_letter(request))

    @extend_schema(request=SignSerializer, responses=in_data(ContractDetailSerializer))
    def sign(self, request: Any, pk: int) -> Response:
        """Note who signed; the PDF as it is now is kept with its hash."""
        pk = self.seen(pk)
        sent = read_body(SignSerializer, request).validated_data
        signer = Signer(
            name=sent.get("client_name") or "",
            company=sent.get("company_name") or "",
            ip_address=client_address(request),
            user_agent=request.headers.get("User-Agent", ""),
        )
        return self.act(pk, sign_contract, contract_id=pk, signer=signer)

    @DONE
    def cancel(self, request: Any, pk: int) -> Response:
        """Call a contract off."""
        return self.act(pk, cancel_contract, contract_id=self.seen(pk))

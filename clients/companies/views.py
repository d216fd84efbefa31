from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone

from clients.companies.filters import CompanyFilter
from clients.companies.models import Company
from clients.companies.serializers import CompanySerializer, CompanyWriteSerializer
from clients.companies.services import create_company, delete_company, edit_company
from core.api.viewsets import ReadMixin, ResourceViewSet, WriteMixin
from prospects.pipeline.models import Prospect


class CompanyViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """The clients of the tenant; who sees the card sees the company."""

    model = Company
    permission: ClassVar[Any] = {
        "list": "clients.view_company",
        "retrieve": "clients.view_company",
        "create": "clients.add_company",
        "update": "clients.change_company",
        "destroy": "clients.delete_company",
    }
    read_serializer_class = CompanySerializer
    write_serializer_class = CompanyWriteSerializer
    filterset_class = CompanyFilter
    version_fields = ("updated_at", "card_updated_at")
    request: Any
    deleted_message = "Company deleted successfully."

    def narrow(self, queryset: Any) -> Any:
        return queryset.visible_to(self.request.user)

    def shown(self, queryset: Any) -> Any:
        return queryset.for_sales()

    def hold(self, pk: int) -> None:
        list(Prospect.objects.filter(company=pk).select_for_update(of=("self",)))
        super().hold(pk)

    def add(self, sent: Any) -> int:
        card = {"owner_id": self.request.user.pk, **sent.card()}
        at, by = timezone.now(), self.request.user
        return create_company(card=card, details=sent.details(), at=at, by=by).pk

    def change(self, pk: int, sent: Any) -> None:
        edit_company(
            company_id=pk,
            details=sent.details(),
            card=sent.card(),
            at=timezone.now(),
            seen_by=self.request.user,
        )

    def remove(self, pk: int) -> None:
        delete_company(company_id=pk, at=timezone.now(), seen_by=self.request.user)

from __future__ import annotations

from typing import Any

from django.db.models import DecimalField, F, Sum
from django.db.models.functions import Coalesce

from core.models import LiveManager, TenantManager, TenantQuerySet
from core.rights import ALL_PROSPECTS


class PaymentQuerySet(TenantQuerySet):
    """Payments."""

    def visible_to(self, user: Any) -> Any:
        """Those of the invoices that a user may see."""
        if user.has_perm(ALL_PROSPECTS):
            return self
        invoices: Any = self.model._meta.get_field("invoice").related_model
        return self.filter(invoice__in=invoices.objects.visible_to(user).values("pk"))

    def kept(self) -> Any:
        """What they come to, less what was refunded; 0 without any."""
        sums = Sum(F("amount") - F("refunded_amount"), output_field=DecimalField())
        return self.aggregate(kept=Coalesce(sums, 0, output_field=DecimalField()))["kept"]


PaymentManager = LiveManager.from_queryset(PaymentQuerySet)
AllPaymentsManager = TenantManager.from_queryset(PaymentQuerySet)

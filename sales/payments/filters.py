from __future__ import annotations

from django_filters import rest_framework as filters

from core.api.filters import IdFilter, SortFilter, TenantFilterSet
from sales.payments.models import Payment


class PaymentFilter(TenantFilterSet):
    """Which payments a list shows."""

    invoice_id = IdFilter(field_name="invoice")
    contact_id = IdFilter(field_name="contact")
    status = filters.ChoiceFilter(choices=Payment.Status.choices)
    method = filters.ChoiceFilter(choices=Payment.Method.choices)
    sort = SortFilter(fields=("id", "amount", "paid_at", "created_at", "updated_at"))

    class Meta:
        model = Payment
        fields = ["invoice_id", "contact_id", "status", "method", "sort", "updated_since"]

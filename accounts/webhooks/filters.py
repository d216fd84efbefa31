from __future__ import annotations

from django_filters import rest_framework as filters

from accounts.webhooks.models import WebhookDelivery
from core.api.filters import TenantFilterSet


class DeliveryFilter(TenantFilterSet):
    """`?status=failed`, `?event=contact.created`."""

    status = filters.ChoiceFilter(choices=WebhookDelivery.Status.choices)
    event = filters.CharFilter(max_length=60)

    class Meta:
        model = WebhookDelivery
        fields = ["status", "event", "updated_since"]

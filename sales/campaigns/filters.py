from __future__ import annotations

from django_filters import rest_framework as filters

from core.api.filters import IdFilter, SortFilter, TenantFilterSet
from sales.mass_mail.models import Campaign, CampaignRecipient


class CampaignFilter(TenantFilterSet):
    """Which campaigns a list shows."""

    status = filters.ChoiceFilter(choices=Campaign.Status.choices)
    segment_id = IdFilter(field_name="segment")
    sort = SortFilter(fields=("id", "name", "scheduled_at", "sent_at", "created_at", "updated_at"))

    class Meta:
        model = Campaign
        fields = ["status", "segment_id", "sort", "updated_since"]


class RecipientFilter(TenantFilterSet):
    """Which recipients of a campaign a list shows."""

    status = filters.ChoiceFilter(choices=CampaignRecipient.Status.choices)
    sort = SortFilter(fields=("id",))

    class Meta:
        model = CampaignRecipient
        fields = ["status", "sort", "updated_since"]

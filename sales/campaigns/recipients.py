"""The recipients of campaigns in the back office."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from unfold.contrib.filters.admin import RelatedDropdownFilter

from core.back_office import ReadOnlyAdmin
from core.rights import ALL_PROSPECTS
from prospects.contacts.models import Contact
from sales.mass_mail.models import CampaignRecipient


@admin.register(CampaignRecipient)
class CampaignRecipientAdmin(ReadOnlyAdmin):
    """To whom campaigns go, of the people whom a user sees, and what became of it."""

    list_display = (
        *("address", "contact", "campaign", "status", "sent_at", "opened_at", "clicked_at"),
        *("unsubscribed_at", "answer"),
    )
    list_filter = ("status", ("campaign", RelatedDropdownFilter))
    list_select_related = ("contact", "campaign")
    list_fullwidth = True
    ordering = ("-pk",)
    search_fields = ("address",)
    fields = (
        *(("campaign", "status"), ("address", "contact"), ("sent_at", "attempts"), "answer"),
        *(("opened_at", "clicked_at"), ("unsubscribed_at", "bounced_at", "complained_at")),
    )

    def get_queryset(self, request: Any) -> Any:
        rows = super().get_queryset(request)
        if request.user.has_perm(ALL_PROSPECTS):
            return rows
        return rows.filter(contact__in=Contact.objects.visible_to(request.user).values("pk"))

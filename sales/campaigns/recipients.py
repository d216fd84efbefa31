"""The recipients of campaigns in the back office."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from core.back_office import ReadOnlyAdmin
from core.rights import ALL_PROSPECTS
from prospects.contacts.models import Contact
from sales.desk.documents import on_one_line
from sales.mass_mail.models import CampaignRecipient


def moment_column(name: str, description: Any) -> Any:
    """A column of moments, as a list has room for them."""

    @display(description=description, ordering=name)
    def column(self: Any, row: Any) -> str:
        moment = getattr(row, name)
        if moment is None:
            return "-"
        return on_one_line(date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT"))

    return column


@admin.register(CampaignRecipient)
class CampaignRecipientAdmin(ReadOnlyAdmin):
    """To whom campaigns go, of the people whom a user sees, and what became of it."""

    list_display = (
        *("address", "contact", "campaign", "status", "shown_sent", "shown_opened"),
        *("shown_clicked", "shown_unsubscribed", "answer"),
    )
    shown_sent = moment_column("sent_at", _("sent"))
    shown_opened = moment_column("opened_at", _("first opened"))
    shown_clicked = moment_column("clicked_at", _("first clicked"))
    shown_unsubscribed = moment_column("unsubscribed_at", _("unsubscribed"))
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

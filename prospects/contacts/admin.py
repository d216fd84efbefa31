from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.back_office import OfCardMixin, ReadOnlyAdmin
from prospects.contacts.models import Contact


@admin.register(Contact)
class ContactAdmin(OfCardMixin, ReadOnlyAdmin):
    """The people behind the cards."""

    list_display = ("full_name", "email", "shown_phone", "prospect", "is_primary", "created_at")
    list_filter = ("is_primary",)
    list_select_related = ("prospect",)
    ordering = ("-created_at", "-pk")
    search_fields = ("first_name", "last_name", "email", "phone")
    fields = (
        "prospect",
        "is_primary",
        "first_name",
        "last_name",
        "email",
        "phone_code",
        "phone",
        "position",
        "created_at",
    )

    @display(description=_("name"), ordering="first_name")
    def full_name(self, contact: Contact) -> str:
        return str(contact) or f"#{contact.pk}"

    @display(description=_("phone"))
    def shown_phone(self, contact: Contact) -> str:
        return f"+{contact.phone_code} {contact.phone}" if contact.phone else "-"

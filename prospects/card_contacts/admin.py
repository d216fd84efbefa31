from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeNumericFilter, RelatedDropdownFilter
from unfold.decorators import display

from core.back_office import ReadOnlyAdmin
from prospects.contacts.models import Contact
from prospects.pipeline.searching import search_pattern


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin):
    """The people: those of the cards, and those without one."""

    list_display = (
        "full_name",
        "email",
        "shown_phone",
        "prospect",
        "shown_stage",
        "lead_score",
        "owner",
        "created_at",
    )
    list_filter = (
        "lifecycle_stage",
        ("owner", RelatedDropdownFilter),
        ("lead_score", RangeNumericFilter),
        ("prospect", admin.EmptyFieldListFilter),
        "is_primary",
    )
    list_select_related = ("prospect", "owner")
    list_fullwidth = True
    ordering = ("-created_at", "-pk")
    search_fields = ("search_text",)
    search_help_text = _("Company, person, email or phone")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "prospect",
                    "is_primary",
                    "first_name",
                    "last_name",
                    "position",
                    ("phone_code", "phone", "phone_type"),
                    "email",
                )
            },
        ),
        (
            _("Sales"),
            {
                "fields": (
                    ("lifecycle_stage", "lead_score"),
                    ("owner", "created_by"),
                    ("city", "country"),
                    ("source", "created_at"),
                    "shown_emails",
                    "shown_phones",
                    "custom_fields",
                )
            },
        ),
    )

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).visible_to(request.user)

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        return (queryset.search(search_pattern(search_term)) if search_term else queryset), False

    @display(description=_("name"), ordering="first_name")
    def full_name(self, contact: Contact) -> str:
        return str(contact) or f"#{contact.pk}"

    @display(description=_("phone"))
    def shown_phone(self, contact: Contact) -> str:
        return f"+{contact.phone_code} {contact.phone}" if contact.phone else "-"

    @display(description=_("stage"), ordering="lifecycle_stage", label=True)
    def shown_stage(self, contact: Contact) -> str:
        return contact.get_lifecycle_stage_display()

    @display(description=_("further emails"))
    def shown_emails(self, contact: Contact) -> str:
        return ", ".join(contact.more_emails) or "-"

    @display(description=_("further phones"))
    def shown_phones(self, contact: Contact) -> str:
        return ", ".join(f"+{each['code']} {each['phone']}" for each in contact.more_phones) or "-"

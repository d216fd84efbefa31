from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeNumericFilter, RelatedDropdownFilter
from unfold.decorators import display

from core.back_office import BackOfficeAdmin, link_row, short_day
from core.back_office_filters import DeletedFilter
from core.errors import DomainError
from prospects.card_contacts.services import (
    add_contact,
    are_others,
    edit_contact,
    remove_contact,
    restore_contact,
)
from prospects.contacts.forms import ReachableForm
from prospects.contacts.models import Contact
from prospects.pipeline.searching import search_pattern


@admin.register(Contact)
class ContactAdmin(BackOfficeAdmin):
    """The people: those of the cards and those without one; the deleted can be brought back."""

    form = ReachableForm
    list_display = (
        "full_name",
        "email",
        "shown_phone",
        "prospect",
        "shown_stage",
        "lead_score",
        "owner",
        "created",
    )
    list_filter = (
        "lifecycle_stage",
        ("owner", RelatedDropdownFilter),
        ("lead_score", RangeNumericFilter),
        ("prospect", admin.EmptyFieldListFilter),
        "is_primary",
        DeletedFilter,
    )
    list_select_related = ("prospect", "owner")
    list_fullwidth = True
    ordering = ("-pk",)
    search_fields = ("search_text",)
    search_help_text = _("Company, person, email or phone")
    autocomplete_fields = ("prospect",)
    actions = ("restore",)
    fields = (
        "prospect",
        "first_name",
        "last_name",
        "email",
        ("phone_code", "phone"),
        "position",
    )
    derived = (
        "is_primary",
        ("lifecycle_stage", "lead_score"),
        ("owner", "created_by"),
        ("city", "country"),
        ("source", "created_at"),
        "shown_emails",
        "shown_phones",
        "custom_fields",
        "documents",
        "updated_at",
    )

    # Who sees and does what ------------------------------------------------------------------
    def get_queryset(self, request: Any) -> Any:
        people = Contact.all_objects.visible_to(request.user)
        return people.order_by(*self.ordering)

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        return (queryset.search(search_pattern(search_term)) if search_term else queryset), False

    def has_change_permission(self, request: Any, obj: Contact | None = None) -> bool:
        is_deleted = obj is not None and obj.deleted_at is not None
        return not is_deleted and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: Any, obj: Contact | None = None) -> bool:
        is_deleted = obj is not None and obj.deleted_at is not None
        return not is_deleted and super().has_delete_permission(request, obj)

    def get_fields(self, request: Any, obj: Contact | None = None) -> Any:
        return (*self.fields, *self.derived) if obj else self.fields

    def get_readonly_fields(self, request: Any, obj: Contact | None = None) -> Any:
        return ("prospect", *flatten(self.derived)) if obj else ()

    def get_actions(self, request: Any) -> Any:
        return {
            name: found for name, found in super().get_actions(request).items() if name == "restore"
        }

    # What is written -------------------------------------------------------------------------
    def save_model(self, request: Any, obj: Contact, form: Any, change: bool) -> None:
        values = form.columns()
        if change:
            edit_contact(contact_id=obj.pk, values=values, **_acting(request))
        else:
            prospect_id = values.pop("prospect_id")
            made = add_contact(prospect_id=prospect_id, values=values, **_acting(request))
            obj.pk = made.pk

    def delete_model(self, request: Any, obj: Contact) -> None:
        remove_contact(contact_id=obj.pk, **_acting(request))

    def get_deleted_objects(self, objs: Any, request: Any) -> Any:
        """Nothing vanishes with a contact, but the primary one may have to stay."""
        people = list(objs)
        needed = [
            _("%s is the primary contact of a card with others.") % person
            for person in people
            if person.is_primary and are_others(person)
        ]
        return [str(person) for person in people], {}, set(), needed

    def delete_view(self, request: Any, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(reverse("admin:prospects_contact_change", args=(object_id,)))

    @admin.action(description=_("Bring back"), permissions=["delete"])
    def restore(self, request: Any, people: Any) -> None:
        for person in people.filter(deleted_at__isnull=False).order_by("pk"):
            try:
                restore_contact(contact_id=person.pk, **_acting(request))
            except DomainError as refusal:
                messages.error(request, f"{person}: {refusal.message}")
            else:
                messages.success(request, _("%s is back.") % person)

    # Columns ---------------------------------------------------------------------------------
    @display(description=_("name"), ordering="first_name")
    def full_name(self, contact: Contact) -> str:
        return str(contact) or f"#{contact.pk}"

    @display(description=_("created"), ordering="created_at")
    def created(self, contact: Contact) -> str:
        return short_day(contact.created_at)

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

    @display(description=_("documents"))
    def documents(self, contact: Contact) -> str:
        kinds = (_("quotes"), "quote"), (_("contracts"), "contract"), (_("invoices"), "invoice")
        lists = (
            (name, f"{reverse(f'admin:sales_{kind}_changelist')}?contact__id__exact={contact.pk}")
            for name, kind in kinds
        )
        account = reverse("admin:sales_contact_statement", args=(contact.pk,))
        return link_row([*lists, (_("statement of account"), account)])


def _acting(request: Any) -> dict[str, Any]:
    return {"by": request.user, "at": timezone.now(), "seen_by": request.user}

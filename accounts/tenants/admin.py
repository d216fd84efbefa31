from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.pictures.addresses import picture_path
from accounts.pictures.services import set_logo
from accounts.tenants.models import FARTHEST_REMINDER, MOST_REMINDERS, Tenant, in_order
from accounts.tenants.services import create_tenant
from core.back_office import BackOfficeAdmin, BackOfficeForm
from core.back_office_pictures import PICTURE_FIELDS, PictureForm, shown_picture
from core.tenancy import tenant_scope

DOCUMENT_FIELDS = ("remind_days_before", "remind_days_after", "document_link_days")


def _time_zones() -> list[tuple[str, str]]:
    return [(name, name) for name in sorted(zoneinfo.available_timezones()) if "/" in name]


class DistancesField(SimpleArrayField):
    """A few distances in days, typed with commas between them."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            forms.IntegerField(min_value=1, max_value=FARTHEST_REMINDER),
            max_length=MOST_REMINDERS,
            required=False,
            label=label,
            help_text=_("With commas between them, such as 1, 7. Empty: nobody is reminded."),
            widget=UnfoldAdminTextInputWidget,
        )

    def clean(self, value: Any) -> list[int]:
        return in_order(super().clean(value))


class TenantForm(PictureForm):
    """A tenant's own settings."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=_time_zones, widget=UnfoldAdminSelectWidget
    )
    remind_days_before = DistancesField(_("Remind of invoices so many days before they are due"))
    remind_days_after = DistancesField(_("Remind of invoices so many days after they were due"))


class NewTenantForm(BackOfficeForm):
    """A new tenant and its first user."""

    admin_name = forms.CharField(
        label=_("Name of the first admin"), max_length=255, widget=UnfoldAdminTextInputWidget
    )
    email = forms.EmailField(
        label=_("Email of the first admin"), max_length=254, widget=UnfoldAdminEmailInputWidget
    )
    password = forms.CharField(
        label=_("Password of the first admin"),
        max_length=128,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )


@admin.register(Tenant)
class TenantAdmin(BackOfficeAdmin):
    """A tenant's admin sees and edits their own; operators see all, add and close them."""

    is_of_tenant = False
    list_display = ("name", "slug", "time_zone", "language", "currency", "is_active")
    ordering = ("name", "pk")
    search_fields = ("name", "slug")
    add_fieldsets = ((None, {"fields": ("name", "admin_name", "email", "password")}),)

    def get_queryset(self, request: Any) -> Any:
        tenants = super().get_queryset(request)
        if request.user.is_superuser:
            return tenants
        return tenants.filter(pk=request.user.tenant_id)

    def get_fieldsets(self, request: Any, obj: Tenant | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        fields = ["name", "slug", "tax_id", "address", "time_zone", "language", "currency"]
        if request.user.is_superuser:
            fields.append("is_active")
        return [
            (None, {"fields": fields}),
            (_("Documents by mail"), {"fields": DOCUMENT_FIELDS}),
            (_("Campaigns"), {"fields": ("campaign_mails_per_minute",)}),
            (_("Agents"), {"fields": ("agents_may_send",)}),
            (_("Signing in"), {"fields": ("requires_two_factor",)}),
            (_("Logo"), {"fields": ("logo_shown", PICTURE_FIELDS)}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> Any:
        return ("slug", "logo_shown") if obj else ()

    def get_form(
        self, request: HttpRequest, obj: Tenant | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        self_form = TenantForm if change else NewTenantForm
        return super().get_form(request, obj, change, form=self_form, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a tenant is closed, not deleted

    @display(description=_("logo"))
    def logo_shown(self, tenant: Tenant) -> Any:
        return shown_picture(picture_path(tenant.logo_id))

    def save_model(self, request: HttpRequest, obj: Tenant, form: Any, change: bool) -> None:
        if change:
            obj.save()
            with tenant_scope(obj.pk):
                form.change_picture(lambda content: set_logo(tenant_id=obj.pk, content=content))
            return
        given = form.cleaned_data
        user = create_tenant(
            name=obj.name,
            admin_name=given["admin_name"],
            email=given["email"],
            password=given["password"],
        )
        obj.pk = user.tenant_id

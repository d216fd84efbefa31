"""Operators belong to no tenant: here they choose the one for which they act."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.tenants.models import Tenant
from crm_project.middleware import TENANT_KEY, chosen_tenant


class TenantChoiceForm(forms.Form):
    """One tenant, or none: all of them."""

    tenant = forms.ModelChoiceField(
        label=gettext_lazy("Tenant"),
        queryset=Tenant.objects.order_by("name", "pk"),
        required=False,
        empty_label=gettext_lazy("All tenants"),
        widget=UnfoldAdminSelectWidget,
    )


def urls() -> list[URLPattern]:
    """The page of the choice, inside the back office's site."""
    return [path("act-for/", admin.site.admin_view(choose_tenant), name="choose_tenant")]


def choose_tenant(request: Any) -> HttpResponse:
    """Show and keep an operator's choice, until they sign out."""
    if not request.user.is_superuser:
        raise PermissionDenied
    chosen = request.session.get(TENANT_KEY)
    form = TenantChoiceForm(request.POST or None, initial={"tenant": chosen})
    if request.method == "POST" and form.is_valid():
        tenant = form.cleaned_data["tenant"]
        request.session[TENANT_KEY] = tenant.pk if tenant else None
        messages.success(request, _("You act for %s now.") % (tenant or _("all tenants")))
        return redirect("admin:index")
    context = {
        **admin.site.each_context(request),
        "title": _("For whom do you act?"),
        "form": form,
        "media": form.media,
        "back": reverse("admin:index"),
    }
    return TemplateResponse(request, "back_office/form_page.html", context)


def acting_for(request: Any) -> list[str] | None:
    """The label in the header: an operator sees for whom they act (django-unfold's callback)."""
    if not getattr(request.user, "is_superuser", False):
        return None
    tenant = chosen_tenant(request)
    return [str(tenant), "info"] if tenant else [_("All tenants"), "warning"]


def tenant_menu(request: Any) -> list[dict[str, Any]]:
    """The menu behind the site's name: operators only."""
    if not getattr(request.user, "is_superuser", False):
        return []
    link = reverse("admin:choose_tenant")
    return [{"title": _("Choose a tenant"), "icon": "apartment", "link": link}]


def whose(request: Any) -> str:
    """Whose back office this is, below the site's name."""
    user = request.user
    if not user.is_authenticated:
        return ""
    return str(user.tenant or "") if user.tenant_id else _("Operator")

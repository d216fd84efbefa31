from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.saved_views.bar import TEMPLATE, fill
from accounts.saved_views.forms import ViewForm, given_by, new_view_form
from accounts.saved_views.models import SavedView
from accounts.saved_views.services import ask_anew, asked_by, delete_view, edit_view, save_view
from core.back_office import BackOfficeAdmin, show_refusal
from core.back_office_asking import address_of, find_list
from core.back_office_bar import add_to_lists
from core.back_office_pages import VIEW
from core.errors import DomainError, InvalidInput, NotFound
from core.rights import SHARE_VIEWS
from core.tenancy import current_tenant

add_to_lists(TEMPLATE, fill)


def _posted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let nothing but a form in, and be sure of the tenant."""

    @wraps(view)
    def check(self: Any, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if current_tenant() is None:
            return self.ask_for_tenant(request)
        return view(self, request, *args, **kwargs)

    return check


@admin.register(SavedView)
class SavedViewAdmin(BackOfficeAdmin):
    """The views of all lists that somebody may see: opened, renamed, pinned, shared, deleted."""

    form = ViewForm
    has_saved_views = False
    list_display = ("name", "shown_list", "owner", "is_shared", "is_pinned", "position")
    list_filter = ("is_shared",)
    list_select_related = ("owner",)
    ordering = ("list_name", "position", "name", "pk")
    fields = ("name", "is_shared", "is_pinned", "position")
    actions: Any = None

    # Who ---------------------------------------------------------------------------------------
    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).visible_to(request.user)

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "list_name" or super().lookup_allowed(lookup, value, request)

    def has_module_permission(self, request: Any) -> bool:
        return True

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: Any) -> bool:
        return False  # it is saved from its list

    def has_change_permission(self, request: Any, obj: SavedView | None = None) -> bool:
        may_share = request.user.has_perm(SHARE_VIEWS)
        return obj is None or obj.may_be_changed_by(request.user, may_share=may_share)

    has_delete_permission = has_change_permission

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return () if request.user.has_perm(SHARE_VIEWS) else ("is_shared",)

    # What is written -----------------------------------------------------------------------------
    def save_model(self, request: Any, obj: SavedView, form: Any, change: bool) -> None:
        edit_view(view_id=obj.pk, values=given_by(form), by=request.user)

    def delete_model(self, request: Any, obj: SavedView) -> None:
        delete_view(view_id=obj.pk, by=request.user)

    # Opened and saved from a list ----------------------------------------------------------------
    def get_urls(self) -> list[Any]:
        views = {
            "save/": self.save_here,
            "<id:view_id>/ask-anew/": self.ask_anew,
            "<id:view_id>/open/": self.open,
        }
        mine = [
            path(
                route,
                self.admin_site.admin_view(view),
                name=f"accounts_savedview_{view.__name__.removesuffix('_here')}",
            )
            for route, view in views.items()
        ]
        return [*mine, *super().get_urls()]

    def open(self, request: Any, view_id: int) -> HttpResponse:
        """Lead to the list as the view asks for it, or say why it cannot be asked any more."""
        view = SavedView.objects.visible_to(request.user).filter(pk=view_id).first()
        if view is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(view_id))
        try:
            query = asked_by(view, user=request.user)
        except DomainError as refusal:
            return self._broken(request, view, refusal)
        return redirect(
            f"{address_of(find_list(view.list_name))}?{query}{'&' if query else ''}{VIEW}={view.pk}"
        )

    def _broken(self, request: Any, view: SavedView, refusal: DomainError) -> HttpResponse:
        shown = {
            **self.admin_site.each_context(request),
            "title": view.name,
            "view": view,
            "problem": refusal.message,
            "may_change": self.has_change_permission(request, view),
            "back": None
            if isinstance(refusal, NotFound)
            else address_of(find_list(view.list_name)),
        }
        return TemplateResponse(request, "accounts/broken_view.html", shown)

    @_posted
    def save_here(self, request: Any) -> HttpResponse:
        """Keep what the list shows; what is refused is shown in a form to put right."""
        form = new_view_form(request.user, request.POST)
        asked = {name: request.POST.get(name, "") for name in ("list", "query")}
        try:
            back = address_of(find_list(asked["list"]))
        except NotFound as missing:
            raise Http404 from missing
        if form.is_valid():
            try:
                given = {"values": given_by(form), "by": request.user}
                view = save_view(list_name=asked["list"], query=asked["query"], **given)
            except DomainError as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("The view “%s” is saved.") % view.name)
                return redirect("admin:accounts_savedview_open", view.pk)
        return self.form_page(
            request, form, title=_("Save this view"), hidden=asked.items(), back=back
        )

    @_posted
    def ask_anew(self, request: Any, view_id: int) -> HttpResponse:
        """Have a view ask what its list shows now."""
        try:
            view = ask_anew(view_id=view_id, query=request.POST.get("query", ""), by=request.user)
        except NotFound:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(view_id))
        except InvalidInput as refusal:
            messages.error(request, refusal.message)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect("admin:accounts_savedview_changelist")
        else:
            messages.success(request, _("The view “%s” is saved.") % view.name)
        return redirect("admin:accounts_savedview_open", view_id)

    # Columns -------------------------------------------------------------------------------------
    @display(description=_("list"), ordering="list_name")
    def shown_list(self, view: SavedView) -> str:
        try:
            return str(find_list(view.list_name).opts.verbose_name_plural)
        except NotFound:
            return view.list_name

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.passwords.services import invite_user
from accounts.pictures.addresses import picture_path
from accounts.pictures.services import set_avatar
from accounts.two_factor.pages import TwoFactorPages
from accounts.users.editing import add_user, edit_user, may_manage, set_password
from accounts.users.forms import LeavingForm, NewUserForm, PasswordForm, UserForm
from accounts.users.leaving import deactivate_user
from accounts.users.models import User
from accounts.users.profile import ProfilePage
from accounts.users.services import grant_permissions
from core.back_office import BackOfficeAdmin, show_refusal
from core.back_office_pictures import PICTURE_FIELDS, shown_picture
from core.errors import DomainError


@admin.register(User)
class UserAdmin(ProfilePage, TwoFactorPages, BackOfficeAdmin):
    """The people of the tenant: their role, what else they may do, whether they may sign in."""

    list_display = ("name", "email", "role_label", "is_active", "last_login")
    list_display_links = ("name", "email")
    list_filter = ("role", "is_active")
    ordering = ("name", "pk")
    search_fields = ("name", "email")
    actions = None
    actions_detail = ("change_password", "take_away_two_factor", "deactivate")
    add_fieldsets = ((None, {"fields": ("name", "email", "role", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("name", "email", "role", "is_active", "is_staff")}),
        (_("Picture"), {"fields": ("picture", PICTURE_FIELDS)}),
        (_("Beyond the role"), {"fields": ("extra_permissions",)}),
        (_("History"), {"fields": ("last_login", "two_factor_since", "created_at")}),
    )
    readonly_fields = ("email", "picture", "last_login", "two_factor_since", "created_at")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).filter(is_superuser=False)

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """A filter on a password's hash would answer questions about it."""
        return "password" not in lookup and super().lookup_allowed(lookup, value, request)

    def get_readonly_fields(self, request: Any, obj: User | None = None) -> Any:
        if obj is None:
            return ()
        if not self.has_change_permission(request, obj):
            return (*self.readonly_fields, "extra_permissions")
        return self.readonly_fields

    def get_form(
        self, request: Any, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(
            request, obj, change, form=UserForm if change else NewUserForm, **kwargs
        )
        form.by = request.user
        return form

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        is_granted: bool = super().has_change_permission(request, obj)
        return is_granted and (obj is None or may_manage(user=obj, by=request.user))

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False  # people are deactivated: what they did keeps their name

    def has_set_password_permission(self, request: Any, object_id: Any = None) -> bool:
        user = self.get_object(request, str(object_id))
        return user is not None and self.has_change_permission(request, user)

    @display(description=_("role"), ordering="role", label=True)
    def role_label(self, user: User) -> str:
        return user.get_role_display()

    @display(description=_("extra permissions"))
    def extra_permissions(self, user: User) -> str:
        return ", ".join(sorted(user.extra_codes)) or "-"

    @display(description=_("picture"))
    def picture(self, user: User) -> Any:
        return shown_picture(picture_path(user.avatar_id))

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        given = form.cleaned_data
        if not change:
            new = {name: given[name] for name in ("name", "email", "role")}
            obj.pk = self._add(request, new, given["password1"]).pk
            return
        changes = {name: given[name] for name in ("name", "role", "is_active", "is_staff")}
        user = edit_user(user_id=obj.pk, by=request.user, **changes)
        permissions = given["extra_permissions"]
        grant_permissions(user=user, permissions=permissions, by=request.user)
        form.change_picture(lambda content: set_avatar(user_id=obj.pk, content=content))

    def _add(self, request: Any, new: dict[str, Any], password: str) -> User:
        if password:
            return add_user(by=request.user, password=password, **new)
        user = invite_user(by=request.user, at=timezone.now(), **new)
        messages.info(request, _("An invitation is on its way to %s.") % user.email)
        return user

    @action(
        description=_("Set a new password"),
        url_path="new-password",
        icon="key",
        permissions=["set_password"],
    )
    def change_password(self, request: Any, object_id: str) -> HttpResponse:
        user = self.get_object(request, object_id)
        back = reverse("admin:accounts_user_change", args=(object_id,))
        form = PasswordForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            password = form.cleaned_data["password1"]
            try:
                changed = set_password(user_id=user.pk, by=request.user, password=password)
            except DomainError as refusal:
                show_refusal(form, refusal)
            else:
                if changed.pk == request.user.pk:
                    update_session_auth_hash(request, changed)
                messages.success(request, _("The password is changed; open sessions are ended."))
                return redirect(back)
        title = _("New password for %s") % user
        return self.form_page(request, form, title=title, back=back)

    @action(
        description=_("Deactivate"),
        url_path="deactivate",
        icon="person_off",
        permissions=["set_password"],
    )
    def deactivate(self, request: Any, object_id: str) -> HttpResponse:
        user = self.get_object(request, object_id)
        back = reverse("admin:accounts_user_change", args=(object_id,))
        form = LeavingForm(request.POST or None, user=user)
        if request.method == "POST" and form.is_valid():
            heir = form.cleaned_data["hand_over_to"]
            to_id = heir and heir.pk
            try:
                given = deactivate_user(
                    user_id=user.pk, to_id=to_id, by=request.user, at=timezone.now()
                )
            except DomainError as refusal:
                show_refusal(form, refusal)
            else:
                text = _("%(user)s is deactivated; %(count)d rows changed hands.")
                count = sum(given.values())
                messages.success(request, text % {"user": user, "count": count})
                return redirect(back)
        intro = _("Their cards, contacts and deals go to a colleague at once; their sessions end.")
        title, verb = _("Deactivate %s") % user, _("Deactivate")
        return self.form_page(request, form, title=title, back=back, intro=intro, verb=verb)

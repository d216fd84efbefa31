"""One's own name and picture, in the back office: for everybody of a tenant."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.pictures.addresses import picture_path
from accounts.pictures.services import set_avatar
from accounts.users.models import User
from accounts.users.services import rename_user
from core.back_office_pictures import PictureForm, shown_picture


class ProfileForm(PictureForm):
    """What somebody says of themselves."""

    class Meta:
        model = User
        fields = ("name",)
        widgets = {"name": UnfoldAdminTextInputWidget}


class ProfilePage:
    """Mixed into the admin of users: a page about whoever opens it."""

    admin_site: Any
    form_page: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.profile_view)
        mine = path("profile/", view, name="accounts_user_profile")
        return [mine, *super().get_urls()]  # type: ignore[misc]

    def profile_view(self, request: Any) -> HttpResponse:
        if request.user.tenant_id is None:
            raise PermissionDenied  # operators are nobody's colleague
        me = User.objects.get(pk=request.user.pk)
        form = ProfileForm(request.POST or None, request.FILES or None, instance=me)
        if request.method == "POST" and form.is_valid():
            _save(form, me)
            messages.success(request, _("Your profile is saved."))
            return redirect("admin:accounts_user_profile")
        return self.form_page(
            request,
            form,
            title=_("My profile"),
            back=reverse("admin:index"),
            intro=shown_picture(picture_path(me.avatar_id)),
        )


def _save(form: Any, me: User) -> None:
    rename_user(user_id=me.pk, name=form.cleaned_data["name"])
    form.change_picture(lambda content: set_avatar(user_id=me.pk, content=content))

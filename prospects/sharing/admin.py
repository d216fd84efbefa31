from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from accounts.users.models import User
from core.back_office import BackOfficeAdmin
from core.rights import CHANGE_PROSPECT
from prospects.pipeline.models import Prospect
from prospects.sharing.forms import LEVELS, ShareForm
from prospects.sharing.models import ProspectUserObjectPermission
from prospects.sharing.services import Level, share_prospect, unshare_prospect


@admin.register(ProspectUserObjectPermission)
class ShareAdmin(BackOfficeAdmin):
    """Which cards are shared with whom: those that the reader may change, and so share."""

    form = ShareForm
    list_display = ("content_object", "user", "shown_level", "created_at")
    list_filter = (("user", RelatedDropdownFilter),)
    list_select_related = ("content_object", "user", "permission")
    ordering = ("-created_at", "-pk")
    autocomplete_fields = ("content_object",)
    fields = ("content_object", "user", "level")

    def get_queryset(self, request: Any) -> Any:
        cards = Prospect.objects.changeable_by(request.user)
        return super().get_queryset(request).filter(content_object__in=cards).one_a_share()

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "user":
            field.queryset = User.objects.active().filter(is_superuser=False).order_by("name", "pk")
        return field

    @display(description=_("May do"))
    def shown_level(self, share: ProspectUserObjectPermission) -> Any:
        level = share.permission.codename.partition("_")[0]
        return dict(LEVELS)[Level(level)]

    # Who may change a card may share it, whatever the role says about this table.
    def has_module_permission(self, request: Any) -> bool:
        return bool(request.user.has_perm(CHANGE_PROSPECT))

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: Any) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        share_prospect(
            prospect_id=obj.content_object_id,
            user_id=obj.user_id,
            level=form.cleaned_data["level"],
            by=request.user,
        )

    def delete_model(self, request: Any, obj: Any) -> None:
        unshare_prospect(prospect_id=obj.content_object_id, user_id=obj.user_id, by=request.user)

    def delete_queryset(self, request: Any, queryset: Any) -> None:
        for share in queryset:
            self.delete_model(request, share)

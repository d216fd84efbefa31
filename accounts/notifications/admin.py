from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.notifications.models import Notification
from core.back_office import ReadOnlyAdmin
from core.back_office_filters import DayRangeFilter


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """What one was told oneself; nobody reads what others were told, but operators."""

    list_display = ("told_at", "title", "body", "is_read")
    list_filter = (("created_at", DayRangeFilter), ("read_at", admin.EmptyFieldListFilter))
    ordering = ("-created_at", "-pk")
    fields = ("title", "body", "url", "created_at", "read_at")

    def get_queryset(self, request: Any) -> Any:
        told = super().get_queryset(request)
        return told if request.user.is_superuser else told.filter(user_id=request.user.pk)

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return bool(request.user.is_authenticated)

    def has_module_permission(self, request: Any) -> bool:
        return self.has_view_permission(request)

    @display(description=_("created"), ordering="created_at")
    def told_at(self, notification: Notification) -> Any:
        return notification.created_at

    @display(description=_("read"), boolean=True)
    def is_read(self, notification: Notification) -> bool:
        return notification.read_at is not None

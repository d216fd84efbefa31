from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from accounts.notifications.models import Notification
from accounts.notifications.services import mark_all_read
from core.back_office import ReadOnlyAdmin
from core.back_office_filters import DayRangeFilter

MOST_SHOWN = 99  # in the menu's badge


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """What one was told oneself; nobody reads what others were told, but operators."""

    list_display = ("told_at", "title", "body", "is_read")
    list_filter = (("created_at", DayRangeFilter), ("read_at", admin.EmptyFieldListFilter))
    ordering = ("-created_at", "-pk")
    fields = ("title", "body", "url", "created_at", "read_at")
    actions = ("mark_read",)

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

    @admin.action(description=_("Mark as read"), permissions=["view"])
    def mark_read(self, request: Any, notifications: Any) -> None:
        ids = list(notifications.values_list("pk", flat=True))
        count = mark_all_read(ids=ids, by=request.user, at=timezone.now())
        text = ngettext("%d notification read.", "%d notifications read.", count) % count
        messages.success(request, text)


def unread_badge(request: Any) -> str:
    """How many notifications wait, for the menu; empty when none does."""
    if not hasattr(request, "unread_badge"):  # the menu asks several times
        count = Notification.objects.unread_count(request.user, most=MOST_SHOWN + 1)
        request.unread_badge = f"{MOST_SHOWN}+" if count > MOST_SHOWN else str(count or "")
    return str(request.unread_badge)

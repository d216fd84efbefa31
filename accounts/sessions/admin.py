from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from accounts.sessions import services
from accounts.sessions.models import Session
from core.back_office import ReadOnlyAdmin


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """Who is signed in to the API, from where, and the long-lived tokens."""

    list_display = ("user", "name", "user_agent", "ip_address", "last_used_at", "state")
    list_select_related = ("user",)
    list_filter = ("revoked_at",)
    ordering = ("-last_used_at", "pk")
    search_fields = ("name", "user__name", "user__email")
    actions = ("revoke",)
    fields = (
        "user",
        "name",
        "user_agent",
        "ip_address",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    )

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_session")

    @display(description=_("state"), label={"open": "success", "ended": "danger"})
    def state(self, session: Session) -> tuple[str, Any]:
        is_open = session.revoked_at is None and session.expires_at > timezone.now()
        return ("open", _("open")) if is_open else ("ended", _("ended"))

    @admin.action(description=_("Revoke the selected sessions"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, sessions: Any) -> None:
        at = timezone.now()
        ids = list(sessions.usable(at).values_list("pk", flat=True))
        for session_id in ids:
            services.revoke_session(session_id=session_id, at=at)
        text = ngettext("%d session revoked.", "%d sessions revoked.", len(ids)) % len(ids)
        messages.success(request, text)

"""Saved views above each list: the pinned ones as tabs, the others in a menu, and saving one."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from accounts.saved_views.forms import new_view_form
from accounts.saved_views.models import SavedView
from core.back_office_asking import name_of_list
from core.back_office_choices import row_ids
from core.back_office_pages import VIEW
from core.rights import SHARE_VIEWS

TEMPLATE = "accounts/saved_views.html"


def fill(admin: Any, request: Any) -> dict[str, Any]:
    """What the bar shows of the views of a list that whoever asks may see."""
    if not admin.has_saved_views:
        return {}
    name = name_of_list(admin)
    seen = SavedView.objects.visible_to(request.user).filter(list_name=name)
    views = list(seen.in_order())
    opened = row_ids([request.GET.get(VIEW)])
    current = next((view for view in views if view.pk in opened), None)
    may_share = request.user.has_perm(SHARE_VIEWS)
    return {
        "list": name,
        "query": request.GET.urlencode(),
        "pinned": [view for view in views if view.is_pinned or view == current],
        "others": [view for view in views if not view.is_pinned],
        "current": current,
        "may_change": current is not None
        and current.may_be_changed_by(request.user, may_share=may_share),
        "may_save": request.user.tenant_id is not None,
        "form": new_view_form(request.user),
        "manage": f"{reverse('admin:accounts_savedview_changelist')}?list_name={name}",
    }

"""Activities in the calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.urls import reverse

from core.errors import NotAllowed
from core.rights import ALL_PROSPECTS
from crm_project.back_office.calendar.items import Item, state_of
from sales.activities.models import Activity
from sales.activities.querysets import LIVING
from sales.activities.services import edit_activity, log_activity

VIEW = "sales.view_activity"
CHANGE = "sales.change_activity"
ADD = "sales.add_activity"
MOMENT = "due_at"
ICONS = {"call": "call", "email": "mail", "meeting": "groups", "task": "task_alt"}
ABOUT = ("contact", "deal", "company__prospect")


def rows(user: Any, of: int | None, since: datetime, until: datetime) -> Any:
    """The activities that a user sees in some days, done and cancelled ones too.

    :param of: whose; None: all that they see.
    """
    due = Activity.objects.due_between(since, until)
    if of == user.pk:
        return due.filter(LIVING, user_id=of)
    seen = due.visible_to(user)
    return seen if of is None else seen.filter(user_id=of)


def count(user: Any, of: int | None, since: datetime, until: datetime) -> None:
    """They are not so many that they could not be counted as they are found."""


def read(ids: Collection[int], user: Any) -> list[Item]:
    """What is shown of some of them."""
    found = list(Activity.objects.filter(pk__in=ids).select_related("user", *ABOUT))
    changeable = _changeable(ids, user)
    return [_item(each, each.pk in changeable) for each in found]


def move(pk: int, *, to: datetime, seen: datetime, by: Any, at: datetime) -> None:
    """Let one be due at another moment.

    :raises DomainError: as edit_activity; what is done or cancelled is not moved.
    """
    if not by.has_perm(CHANGE):
        raise NotAllowed("You may not change activities.")
    edit_activity(activity_id=pk, values={"due_at": to}, seen=_as_seen(seen), by=by, at=at)


def log(pk: int, *, given: dict[str, Any], seen: datetime, by: Any, at: datetime) -> None:
    """Complete one, with what came of it and when it is to be done again.

    :raises DomainError: as log_activity; what is done is not done again.
    """
    if not by.has_perms((CHANGE, ADD)):
        raise NotAllowed("You may not change activities.")
    said = {"result": given["result"], "next_at": given["next_at"]}
    log_activity(activity_id=pk, **said, seen=_as_seen(seen), by=by, at=at)


def _as_seen(seen: datetime) -> dict[str, Any]:
    return {"due_at": seen, "status": Activity.Status.PENDING}


def _changeable(ids: Collection[int], user: Any) -> Collection[int]:
    if not ids or not user.has_perm(CHANGE):
        return ()
    if user.has_perm(ALL_PROSPECTS):
        return ids
    found = Activity.objects.changeable_by(user).filter(pk__in=ids)
    return set(found.values_list("pk", flat=True))


def _item(activity: Activity, may_change: bool) -> Item:
    due: Any = activity.due_at
    is_open = activity.status == Activity.Status.PENDING
    about = activity.contact or activity.deal or activity.company
    return Item(
        kind="activity",
        pk=activity.pk,
        at=due,
        title=activity.subject,
        detail=str(about or ""),
        owner=str(activity.user or ""),
        link=reverse("admin:sales_activity_change", args=(activity.pk,)),
        icon=ICONS.get(activity.type, "task_alt"),
        type=activity.get_type_display(),
        state=state_of(
            due,
            is_done=activity.status == Activity.Status.COMPLETED,
            is_off=activity.status == Activity.Status.CANCELLED,
        ),
        may_move=may_change and is_open,
        may_log=may_change and is_open,
    )

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import override

from accounts.notifications.models import LONGEST_TITLE, Notification
from accounts.tenants.models import Tenant
from core.errors import NotFound
from core.tenancy import current_tenant


@dataclass(frozen=True)
class Notice:
    """What one user is to be told.

    `title` and `body` may be lazy (gettext_lazy, format_lazy): they are put into words in the
    language of the tenant. `key` names the event; `url` is the path of what it is about.
    """

    user_id: int
    type: str
    key: str
    title: Any
    body: Any
    url: str


def notify_users(notices: Iterable[Notice]) -> None:
    """Tell users of the tenant acted for, in the surrounding transaction, by one statement.

    What somebody has been told already (by its key) is not told again.
    """
    notices = list(notices)
    if not notices:
        return
    language = Tenant.objects.values_list("language", flat=True).get(pk=current_tenant() or 0)
    with override(language):
        rows = [_row(notice) for notice in notices]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)


def _row(notice: Notice) -> Notification:
    return Notification(
        user_id=notice.user_id,
        type=notice.type,
        key=notice.key,
        title=Truncator(str(notice.title)).chars(LONGEST_TITLE),
        body=str(notice.body),
        url=notice.url,
    )


def mark_read(*, notification_id: int, by: Any, at: datetime) -> None:
    """Remember that somebody has seen what they were told; the first time counts.

    :raises NotFound: they were not told this.
    """
    mine = Notification.objects.filter(pk=notification_id, user_id=by.pk)
    if not mine.unread().update(read_at=at) and not mine.exists():
        raise NotFound("There is no such notification.")


def mark_all_read(*, by: Any, at: datetime, ids: Collection[int] | None = None) -> int:
    """Remember that somebody has seen what they were told. Returns how many were new to them.

    :param ids: only these; None means everything.
    """
    mine = Notification.objects.filter(user_id=by.pk).unread()
    seen = mine if ids is None else mine.filter(pk__in=ids)
    return int(seen.update(read_at=at))

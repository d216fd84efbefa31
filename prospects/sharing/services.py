from __future__ import annotations

from typing import Any, NamedTuple

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from guardian.shortcuts import assign_perm, remove_perm

from accounts.notifications.services import Notice, notify_users
from accounts.users.models import User
from core.errors import InvalidInput, NotFound
from prospects.pipeline.locking import lock_prospect
from prospects.pipeline.telling import path_of, title_of
from prospects.sharing.models import ProspectUserObjectPermission


class Level(models.TextChoices):
    """What a share is for. Changing includes looking."""

    VIEW = "view"
    CHANGE = "change"


class Share(NamedTuple):
    """Who was let in, and what for."""

    user: User
    level: str


@transaction.atomic
def share_prospect(*, prospect_id: int, user_id: int, level: str, by: User) -> Share:
    """Let a colleague see a card, or change it too. Sharing again sets what they may from now on.

    An owner may change the card anyhow and gets no share. Whoever gets one is told.

    :raises NotFound: there is no such live card, or `by` may not see it.
    :raises NotAllowed: `by` may not change it: nobody gives what they do not hold.
    :raises InvalidInput: there is no such active user.
    """
    card = lock_prospect(prospect_id, columns=["owner_id"], seen_by=by)
    user = User.objects.active().filter(pk=user_id, is_superuser=False).first()
    if user is None:
        raise InvalidInput.of("user_id", f"User {user_id} does not exist.")
    if card.owner_id == user.pk:
        return Share(user, Level.CHANGE)
    share: Any = assign_perm("view_prospect", user, card)
    if level == Level.CHANGE:
        share = assign_perm("change_prospect", user, card)
    else:
        remove_perm("change_prospect", user, card)
    _tell(user, card.pk, share.pk)
    return Share(user, level)


def _tell(user: User, prospect_id: int, share_id: int) -> None:
    """Tell somebody what was shared with them: each share once, however often it is given."""
    notice = Notice(
        user_id=user.pk,
        type="prospect_shared",
        key=f"shared:{share_id}",
        title=_("A prospect was shared with you"),
        body=title_of(prospect_id),
        url=path_of(prospect_id),
    )
    notify_users([notice])


@transaction.atomic
def unshare_prospect(*, prospect_id: int, user_id: int, by: User) -> None:
    """Take back what a colleague was given of a card.

    :raises NotFound: there is no such live card, `by` may not see it, or no share of it is theirs.
    :raises NotAllowed: `by` may not change it.
    """
    card = lock_prospect(prospect_id, columns=[], seen_by=by)
    given = ProspectUserObjectPermission.objects.on(card.pk).filter(user_id=user_id)
    if not given.delete()[0]:
        raise NotFound("The prospect is not shared with this user.")

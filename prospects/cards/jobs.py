"""What a worker does to all cards of a list: only to those that whoever asks may change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.bulk_jobs.kinds import Kind, Outcome, add_kind
from accounts.bulk_jobs.models import BulkJob
from accounts.users.models import User
from core.errors import InvalidInput
from core.rights import CHANGE_PROSPECT
from prospects.catalogs.models import AcquisitionCampaign
from prospects.pipeline.deleting import delete_prospects
from prospects.pipeline.models import FollowUpCategory, Prospect
from prospects.pipeline.moves import hand_over_cards, move_cards, tag_cards
from prospects.pipeline.telling import tell_of_many

MOVE, ASSIGN, TAG, DELETE = "cards-move", "cards-assign", "cards-tag", "cards-delete"
Change = Callable[[list[int], dict[str, Any], datetime], int]


def owners() -> Any:
    """Whom cards can be given to."""
    return User.objects.filter(is_active=True, is_superuser=False).order_by("name", "pk")


def _move(ids: list[int], given: dict[str, Any], at: datetime) -> int:
    _require(FollowUpCategory.objects.all(), given["category_id"])
    return move_cards(prospect_ids=ids, category_id=given["category_id"], at=at)


def _assign(ids: list[int], given: dict[str, Any], at: datetime) -> int:
    _require(owners(), given["owner_id"])
    return hand_over_cards(prospect_ids=ids, owner_id=given["owner_id"], at=at, are_told=False)


def _tag(ids: list[int], given: dict[str, Any], at: datetime) -> int:
    _require(AcquisitionCampaign.objects.all(), given["campaign_id"])
    return tag_cards(prospect_ids=ids, campaign_id=given["campaign_id"])


def _delete(ids: list[int], given: dict[str, Any], at: datetime) -> int:
    return delete_prospects(prospect_ids=ids, at=at)


def _require(rows: Any, pk: int | None) -> None:
    """Refuse what is gone since the job was asked for.

    :raises InvalidInput: it is.
    """
    if pk is not None and not rows.filter(pk=pk).exists():
        raise InvalidInput(_("What was chosen does not exist any more."))


def _doing(change: Change, otherwise: Any) -> Callable[..., Outcome]:
    """Change those of some cards that the user may change.

    :param otherwise: why one of them may stay as it is.
    """

    def do(ids: list[int], given: dict[str, Any], user: Any, at: datetime) -> Outcome:
        mine = Prospect.objects.changeable_by(user).filter(pk__in=ids)
        own = list(mine.values_list("pk", flat=True))
        changed = change(own, given, at)
        refused = Counter({str(_("Not yours to change, or deleted by now")): len(ids) - len(own)})
        refused[str(otherwise)] = len(own) - changed
        return Outcome(changed, +refused)

    return do


def _tell_owner(job: BulkJob) -> None:
    """Tell once whose the cards are now."""
    owner_id = job.given.get("owner_id")
    if owner_id is not None and job.changed:
        tell_of_many({owner_id: job.changed}, key=f"bulk_job:{job.pk}:assigned")


_SO_ALREADY = gettext_lazy("It was so already")
_STAYS = gettext_lazy("Clients, and those with documents, stay")
add_kind(
    Kind(
        name=MOVE,
        label=gettext_lazy("Move to a category"),
        permission=CHANGE_PROSPECT,
        do=_doing(_move, _SO_ALREADY),
    )
)
add_kind(
    Kind(
        name=ASSIGN,
        label=gettext_lazy("Assign to somebody"),
        permission=CHANGE_PROSPECT,
        do=_doing(_assign, _SO_ALREADY),
        tell=_tell_owner,
    )
)
add_kind(
    Kind(
        name=TAG,
        label=gettext_lazy("Tag with a campaign"),
        permission=CHANGE_PROSPECT,
        do=_doing(_tag, _SO_ALREADY),
    )
)
add_kind(
    Kind(
        name=DELETE,
        label=gettext_lazy("Delete"),
        permission="prospects.delete_prospect",
        do=_doing(_delete, _STAYS),
    )
)

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.users.models import User
from core.errors import DomainError, InvalidInput, NotAllowed, NotFound
from core.seen import Seen, refuse_unseen
from prospects.pipeline.services import acting_author
from sales.activities.models import LONGEST_NOTES, Activity
from sales.activities.subjects import MODELS
from sales.contacts.scoring import refresh_scores

Values = Mapping[str, Any]
Status = Activity.Status


class ActivityCancelled(DomainError):
    """What was cancelled is not completed: it is planned anew first."""

    code = "cancelled"


@transaction.atomic
def create_activity(*, values: Values, by: User, at: datetime) -> Activity:
    """Plan something; without a user it is the creator's to do.

    :param values: normalised columns; what it is about is seen by `by` (subjects.py).
    """
    author = acting_author(by)
    mine = {"user_id": author.pk if author else None, **values}
    activity = Activity(created_by=author, created_at=at)
    _change(activity, mine, at)
    return activity


@transaction.atomic
def edit_activity(
    *, activity_id: int, values: Values, by: User, at: datetime, seen: Seen | None = None
) -> Activity:
    """Change columns of an activity. What is not named stays.

    `status` completes, cancels or reopens it; one that was completed keeps the time of that.

    :param seen: columns of it as `by` saw them.
    :raises NotFound: there is no such activity, or `by` may not see it.
    :raises NotAllowed: they may only look at it.
    :raises Outdated: it is not as they saw it.
    """
    activity = _lock(activity_id, by)
    refuse_unseen(activity, seen)
    _change(activity, values, at)
    return activity


@transaction.atomic
def complete_activity(*, activity_id: int, by: User, at: datetime) -> Activity:
    """Note that something was done. Again, it keeps the time of the first.

    :raises NotFound: there is no such activity, or `by` may not see it.
    :raises NotAllowed: they may only look at it.
    :raises ActivityCancelled: it was cancelled.
    """
    activity = _lock(activity_id, by)
    _refuse_cancelled(activity)
    _change(activity, {"status": Status.COMPLETED}, at)
    return activity


@transaction.atomic
def log_activity(
    *,
    activity_id: int,
    result: str,
    next_at: datetime | None,
    by: User,
    at: datetime,
    seen: Seen | None = None,
) -> Activity:
    """Note that something was done and what came of it, below what its notes said before.

    With `next_at` the same is to be done again then, about the same and by the same colleague.

    :param seen: columns of it as `by` saw them.
    :raises NotFound: there is no such activity, or `by` may not see it.
    :raises NotAllowed: they may only look at it.
    :raises Outdated: it is not as they saw it.
    :raises ActivityCancelled: it was cancelled.
    :raises InvalidInput: its notes have no room for the result.
    """
    activity = _lock(activity_id, by)
    refuse_unseen(activity, seen)
    _refuse_cancelled(activity)
    notes = "\n\n".join(filter(None, (activity.notes, result)))
    if len(notes) > LONGEST_NOTES:
        raise InvalidInput.of("result", "The notes have no room for so much.")
    _change(activity, {"status": Status.COMPLETED, "notes": notes}, at)
    if next_at is not None:
        again = (*("subject", "type", "priority", "user_id"), *MODELS)
        values = {name: getattr(activity, name) for name in again}
        create_activity(values={**values, "due_at": next_at}, by=by, at=at)
    return activity


@transaction.atomic
def delete_activity(*, activity_id: int, by: User, at: datetime) -> None:
    """Delete an activity for good.

    :raises NotFound: there is no such activity, or `by` may not see it.
    :raises NotAllowed: they may only look at it.
    """
    activity = _lock(activity_id, by)
    contact_id = activity.contact_id
    activity.delete()
    _score(contact_id, at)


def _lock(activity_id: int, by: User) -> Activity:
    found = Activity.objects.filter(pk__in=Activity.objects.changeable_by(by).values("pk"))
    activity: Activity | None = found.select_for_update(of=("self",)).filter(pk=activity_id).first()
    if activity is not None:
        return activity
    if Activity.objects.visible_to(by).filter(pk=activity_id).exists():
        raise NotAllowed("You may look at this activity, not change it.")
    raise NotFound("There is no such activity.")


def _refuse_cancelled(activity: Activity) -> None:
    if activity.status == Status.CANCELLED:
        raise ActivityCancelled("This activity is cancelled.")


def _change(activity: Activity, values: Values, at: datetime) -> None:
    before = activity.contact_id
    for name, value in values.items():
        setattr(activity, name, value)
    if activity.status != Status.COMPLETED:
        activity.completed_at = None
    elif activity.completed_at is None:
        activity.completed_at = at
    activity.save()
    for contact_id in {before, activity.contact_id}:
        _score(contact_id, at)


def _score(contact_id: int | None, at: datetime) -> None:
    """What was done with a person counts as an interaction."""
    if contact_id is not None:
        refresh_scores([contact_id], at=at)

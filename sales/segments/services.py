from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from accounts.users.models import User
from core.errors import DomainError, InvalidInput, NotFound
from prospects.contacts.models import Contact
from prospects.pipeline.services import acting_author
from sales.segments.models import Segment, SegmentMember

CHUNK = 2000
MOST_NAMED = 5  # of ids in a message


class NotStatic(DomainError):
    """Conditions say who is in this segment: nobody is put in or taken out."""

    code = "not_static"


@transaction.atomic
def create_segment(
    *,
    name: str,
    type: str,
    conditions: list[dict[str, Any]],
    contact_ids: Collection[int],
    by: User,
) -> Segment:
    """Create a segment.

    :param conditions: as sales.conditions.reading returns them; of a dynamic one, none: everybody.
    :param contact_ids: who is put into a static one.
    :raises InvalidInput: conditions for a static one, or contacts for a dynamic one, or contacts
        whom `by` does not see.
    """
    segment = Segment(name=name, type=type, conditions=conditions, created_by=acting_author(by))
    if contact_ids and segment.is_dynamic:
        raise InvalidInput.of("contact_ids", "Conditions say who is in a dynamic segment.")
    _refuse_conditions(segment)
    segment.save()
    _put_in(segment, contact_ids, by)
    return segment


@transaction.atomic
def edit_segment(
    *,
    segment_id: int,
    values: Mapping[str, Any],
    contact_ids: Collection[int] | None = None,
    by: User,
) -> Segment:
    """Change name or conditions of a segment. What is not named stays.

    :param contact_ids: who is to be in a static one, of those whom `by` sees; None: as it is.
    :raises NotFound: there is no such segment.
    :raises NotStatic: contacts for a dynamic one.
    :raises InvalidInput: another type, conditions for a static one, contacts unknown to `by`.
    """
    segment = _lock(segment_id)
    if values.get("type", segment.type) != segment.type:
        raise InvalidInput.of("type", "A segment stays static or dynamic.")
    for name, value in values.items():
        setattr(segment, name, value)
    _refuse_conditions(segment)
    segment.save()
    if contact_ids is not None:
        _refuse_dynamic(segment)
        _put_in(segment, contact_ids, by)
        _take_out(segment, Contact.objects.visible_to(by).exclude(pk__in=contact_ids))
    return segment


@transaction.atomic
def delete_segment(*, segment_id: int) -> None:
    """Delete a segment; the people in it stay.

    :raises NotFound: there is no such segment.
    """
    _lock(segment_id).delete()


@transaction.atomic
def add_members(*, segment_id: int, contact_ids: Collection[int], by: User) -> None:
    """Put people into a static segment; who is in it already stays.

    :raises NotFound: there is no such segment.
    :raises NotStatic: it is a dynamic one.
    :raises InvalidInput: `by` does not see one of them.
    """
    segment = _lock(segment_id)
    _refuse_dynamic(segment)
    _put_in(segment, contact_ids, by)


@transaction.atomic
def remove_members(*, segment_id: int, contact_ids: Collection[int], by: User) -> None:
    """Take people out of a static segment, of those whom `by` sees; who is not in it is no matter.

    :raises NotFound: there is no such segment.
    :raises NotStatic: it is a dynamic one.
    """
    segment = _lock(segment_id)
    _refuse_dynamic(segment)
    seen = Contact.objects.visible_to(by, are_few=True)
    _take_out(segment, seen.filter(pk__in=contact_ids))


def _lock(segment_id: int) -> Any:
    segment = Segment.objects.select_for_update().filter(pk=segment_id).first()
    if segment is None:
        raise NotFound("There is no such segment.")
    return segment


def _refuse_dynamic(segment: Segment) -> None:
    if segment.is_dynamic:
        raise NotStatic("The segment is dynamic: its conditions say who is in it.")


def _refuse_conditions(segment: Segment) -> None:
    if segment.conditions and not segment.is_dynamic:
        raise InvalidInput.of("conditions", "A static segment has none.")


def _put_in(segment: Segment, contact_ids: Collection[int], by: User) -> None:
    wanted = set(contact_ids)
    people = Contact.objects.visible_to(by, are_few=True).filter(pk__in=wanted)
    if unknown := sorted(wanted - set(people.values_list("pk", flat=True))):
        named = ", ".join(str(pk) for pk in unknown[:MOST_NAMED])
        raise InvalidInput.of("contact_ids", f"There is no contact {named}.")
    known = segment.memberships.filter(contact__in=wanted).values_list("contact", flat=True)
    rows = [SegmentMember(segment=segment, contact_id=pk) for pk in sorted(wanted - set(known))]
    SegmentMember.objects.bulk_create(rows, batch_size=CHUNK)
    if rows:
        _touch(segment)


def _take_out(segment: Segment, people: Any) -> None:
    gone, _by_table = segment.memberships.filter(contact__in=people.values("pk")).delete()
    if gone:
        _touch(segment)


def _touch(segment: Segment) -> None:
    """Who is in a static segment is part of it: whoever saw it before has seen another one."""
    Segment.objects.filter(pk=segment.pk).update(updated_at=Now())

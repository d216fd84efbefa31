from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from core.fields import TenantForeignKey, tenant_key
from core.models import SoftDeletedModel, TenantModel
from sales.events.querysets import LIVE, AllEventsManager, AttendeeManager, EventManager

LONGEST_TYPE, LONGEST_PLACE, LONGEST_LINK, LONGEST_DESCRIPTION = 50, 255, 500, 10_000
MOST_REMINDERS, NEAREST_REMINDER, FARTHEST_REMINDER = 5, 5, 30 * 24 * 60  # the last two in minutes
HOUR, DAY = 60, 24 * 60
# What is offered; any other short word is as good.
TYPES = {
    "meeting": _("Meeting"),
    "webinar": _("Webinar"),
    "training": _("Training"),
    "conference": _("Conference"),
    "workshop": _("Workshop"),
    "social": _("Social event"),
}


def usual_reminders() -> list[int]:
    """A day and an hour before, in minutes."""
    return [HOUR, DAY]


class Event(SoftDeletedModel):  # type: ignore[django-manager-missing]
    """Something to which people are invited: a meeting, a webinar, a training.

    It is the tenant's: whoever may look at events sees it. `sequence` counts what was changed for
    the calendars of those invited. A cancelled one stays in the list, as it was.
    """

    title = models.CharField(_("title"), max_length=255)
    type = models.CharField(_("type"), max_length=LONGEST_TYPE)
    start_at = models.DateTimeField(_("begins"))
    end_at = models.DateTimeField(_("ends"))
    location = models.CharField(_("place"), max_length=LONGEST_PLACE, blank=True)
    online_url = models.CharField(_("online at"), max_length=LONGEST_LINK, blank=True)
    description = models.TextField(_("description"), max_length=LONGEST_DESCRIPTION, blank=True)
    is_mandatory = models.BooleanField(_("mandatory"), default=False)
    max_attendees = models.PositiveIntegerField(
        _("seats"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    remind_before = ArrayField(
        models.PositiveIntegerField(
            validators=[MinValueValidator(NEAREST_REMINDER), MaxValueValidator(FARTHEST_REMINDER)]
        ),
        verbose_name=_("remind so many minutes before"),
        size=MOST_REMINDERS,
        blank=True,
        default=usual_reminders,
        db_default=Value([HOUR, DAY], ArrayField(models.PositiveIntegerField())),
    )
    owner = colleague(_("owner"))
    created_by = colleague(_("created by"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, editable=False)
    uid = models.UUIDField(default=uuid.uuid4, editable=False)  # as calendars know it
    sequence = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    search_text = models.TextField(editable=False)  # kept by services.py

    objects: ClassVar[Any] = EventManager()
    all_objects: ClassVar[Any] = AllEventsManager()

    class Meta(SoftDeletedModel.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints: ClassVar[Any] = [
            tenant_key("sales_event"),
            models.CheckConstraint(
                condition=Q(end_at__gt=F("start_at")),
                name="sales_event_ends_after_it_begins",
                violation_error_message=_("It must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(max_attendees__isnull=True) | Q(max_attendees__gte=1),
                name="sales_event_has_a_seat",
            ),
        ]
        # Each serves a filter of the list, or the reminders.
        indexes: ClassVar[Any] = [
            models.Index(
                F("tenant"),
                F("start_at").desc(),
                F("id").desc(),
                condition=LIVE,
                name="sales_event_latest",
            ),
            models.Index(
                fields=["tenant", "end_at"],
                condition=LIVE & Q(cancelled_at__isnull=True),
                name="sales_event_upcoming",
            ),
            models.Index(
                F("tenant"),
                F("type"),
                F("start_at").desc(),
                F("id").desc(),
                condition=LIVE,
                name="sales_event_type",
            ),
            models.Index(
                F("owner"), F("start_at").desc(), condition=LIVE, name="sales_event_owner"
            ),
            models.Index(
                fields=["tenant", "updated_at", "id"], condition=LIVE, name="sales_event_changed"
            ),
            GinIndex(
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                condition=LIVE,
                name="sales_event_search",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_over(self, at: datetime) -> bool:
        """Whether it has ended."""
        return self.end_at <= at

    def is_on(self, at: datetime) -> bool:
        """Whether people can still come: it is neither over, nor cancelled or deleted."""
        return not self.is_over(at) and self.cancelled_at is None and self.deleted_at is None


class Attendee(TenantModel):  # type: ignore[django-manager-missing]
    """Somebody who is invited to an event: a person we know, or a colleague."""

    class Status(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        TENTATIVE = "tentative", _("Tentative")

    event = TenantForeignKey(
        Event, on_delete=models.CASCADE, related_name="attendees", db_index=False
    )
    contact = TenantForeignKey(
        "prospects.Contact",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="attended",
        db_index=False,
        verbose_name=_("contact"),
    )
    user = TenantForeignKey(
        "accounts.User",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="attended",
        db_index=False,
        verbose_name=_("colleague"),
    )
    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, default=Status.INVITED
    )
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    checked_in_at = models.DateTimeField(_("checked in"), null=True, editable=False)
    checked_in_by = colleague(_("checked in by"))
    added_by = colleague(_("invited by"))

    objects: ClassVar[Any] = AttendeeManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("attendee")
        verbose_name_plural = _("attendees")
        constraints: ClassVar[Any] = [
            tenant_key("sales_attendee"),
            models.CheckConstraint(
                condition=Q(contact__isnull=True, user__isnull=False)
                | Q(contact__isnull=False, user__isnull=True),
                name="sales_attendee_is_one_person",
                violation_error_message=_("Choose a contact or a colleague, one of the two."),
            ),
            models.UniqueConstraint(
                fields=["event", "contact"],
                name="sales_attendee_contact_once",
                violation_error_message=_("They are on the list already."),
            ),
            models.UniqueConstraint(
                fields=["event", "user"],
                name="sales_attendee_user_once",
                violation_error_message=_("They are on the list already."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=("invited", "accepted", "declined", "tentative")),
                name="sales_attendee_status_known",
            ),
            models.CheckConstraint(
                condition=Q(checked_in_at__isnull=True) | ~Q(status="declined"),
                name="sales_attendee_who_came_did_not_decline",
            ),
        ]
        indexes: ClassVar[Any] = [
            models.Index(fields=["event", "status"], name="sales_attendee_of_event"),
            models.Index(
                fields=["contact"],
                condition=Q(contact__isnull=False),
                name="sales_attendee_contact",
            ),
            models.Index(
                fields=["user"], condition=Q(user__isnull=False), name="sales_attendee_user"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def person(self) -> Any:
        """The contact or colleague."""
        return self.contact or self.user

    @property
    def name(self) -> str:
        """What they are called."""
        return str(self.person.name)

    @property
    def email(self) -> str:
        """Where they are written to; "" for nowhere."""
        return str(self.person.email)

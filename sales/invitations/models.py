from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from core.fields import TenantForeignKey, tenant_key
from core.mails import MailRow


class EventMail(MailRow):
    """A mail about an event to one of those invited, with a link by which they answer.

    What it says is written when it leaves, of the event as it is then. Who it went to is kept when
    they are taken off the list: that is told them, too.
    """

    class Purpose(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        UPDATE = "update", _("Change of time or place")
        CANCELLATION = "cancellation", _("Cancellation")
        REMINDER = "reminder", _("Reminder")

    event = TenantForeignKey(
        "sales.Event",
        on_delete=models.CASCADE,
        related_name="mails",
        db_index=False,
        verbose_name=_("event"),
    )
    attendee = TenantForeignKey(
        "sales.Attendee",
        on_delete=models.SET_NULL,
        null=True,
        related_name="mails",
        db_index=False,
        verbose_name=_("attendee"),
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    name = models.CharField(_("name"), max_length=511, blank=True)
    # Of a reminder: of which beginning, and how many minutes before it.
    start_at = models.DateTimeField(null=True, editable=False)
    minutes_before = models.PositiveIntegerField(null=True, editable=False)
    asked_by = colleague(_("sent by"))

    class Meta(MailRow.Meta):
        verbose_name = _("mail about an event")
        verbose_name_plural = _("mails about events")
        constraints: ClassVar[Any] = [
            tenant_key("sales_eventmail"),
            models.CheckConstraint(
                condition=Q(
                    purpose="reminder", start_at__isnull=False, minutes_before__isnull=False
                )
                | Q(
                    purpose__in=("invitation", "update", "cancellation"),
                    start_at__isnull=True,
                    minutes_before__isnull=True,
                ),
                name="sales_eventmail_reminds_of_a_time",
            ),
            models.UniqueConstraint(
                fields=["attendee", "start_at", "minutes_before"],
                condition=Q(purpose="reminder"),
                name="sales_eventmail_reminds_once",
            ),
        ]
        indexes: ClassVar[Any] = [
            models.Index(fields=["event", "id"], name="sales_eventmail_event"),
            models.Index(
                fields=["attendee", "id"],
                condition=Q(attendee__isnull=False),
                name="sales_eventmail_attendee",
            ),
            # Waiting to be sent, or to be heard of.
            models.Index(
                fields=["tenant", "due_at", "id"],
                condition=Q(status__in=("pending", "in_flight")),
                name="sales_eventmail_due",
            ),
            models.Index(
                fields=["token_hash"],
                condition=Q(token_hash__gt=""),
                name="sales_eventmail_token",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.recipient}"

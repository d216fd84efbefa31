from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from core.fields import TenantForeignKey
from core.models import TenantModel
from sales.activities.querysets import TO_REMIND, ActivityManager

LONGEST_NOTES = 10_000


def _about(model: str, verbose_name: Any) -> TenantForeignKey:
    return TenantForeignKey(
        model,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="activities",
        db_index=False,
        verbose_name=verbose_name,
    )


class Activity(TenantModel):  # type: ignore[django-manager-missing]
    """Something that somebody is to do: a call, an email, a meeting, a task.

    It may be about one person, deal or company; three columns of which one is set, so that the
    database holds what it is about.
    """

    class Type(models.TextChoices):
        CALL = "call", _("Call")
        EMAIL = "email", _("Email")
        MEETING = "meeting", _("Meeting")
        TASK = "task", _("Task")

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")

    class Priority(models.TextChoices):
        LOW = "low", _("Low")
        MEDIUM = "medium", _("Medium")
        HIGH = "high", _("High")

    subject = models.CharField(_("subject"), max_length=255)
    type = models.CharField(_("type"), max_length=7, choices=Type.choices)
    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, default=Status.PENDING
    )
    priority = models.CharField(
        _("priority"), max_length=6, choices=Priority.choices, default=Priority.MEDIUM
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True, editable=False)
    notes = models.TextField(_("notes"), max_length=LONGEST_NOTES, blank=True)
    user = colleague(_("whose"))
    created_by = colleague(_("created by"))
    contact = _about("prospects.Contact", _("contact"))
    deal = _about("sales.Deal", _("deal"))
    company = _about("clients.Company", _("company"))
    # When it was due as its user was told of it.
    reminded_for = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = ActivityManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=True, deal__isnull=True)
                | Q(contact__isnull=True, company__isnull=True)
                | Q(deal__isnull=True, company__isnull=True),
                name="sales_activity_about_one",
                violation_error_message=_("It can be about one of the three only."),
            ),
            models.CheckConstraint(
                condition=Q(status="completed", completed_at__isnull=False)
                | Q(status__in=("pending", "cancelled"), completed_at__isnull=True),
                name="sales_activity_completed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(type__in=("call", "email", "meeting", "task"))
                & Q(priority__in=("low", "medium", "high")),
                name="sales_activity_choices_known",
            ),
        ]
        # Each serves a filter of the list, or the calendar, or the reminders.
        indexes = [
            models.Index(F("tenant"), F("id").desc(), name="sales_activity_newest"),
            models.Index(F("tenant"), F("status"), F("id").desc(), name="sales_activity_status"),
            models.Index(F("tenant"), F("type"), F("id").desc(), name="sales_activity_type"),
            models.Index(F("user"), F("id").desc(), name="sales_activity_user"),
            models.Index(fields=["created_by"], name="sales_activity_creator"),
            models.Index(
                fields=["contact"],
                condition=Q(contact__isnull=False),
                name="sales_activity_contact",
            ),
            models.Index(
                fields=["deal"],
                condition=Q(deal__isnull=False),
                name="sales_activity_deal",
            ),
            models.Index(
                fields=["company"],
                condition=Q(company__isnull=False),
                name="sales_activity_company",
            ),
            models.Index(
                fields=["tenant", "due_at"],
                condition=Q(due_at__isnull=False),
                name="sales_activity_due",
            ),
            models.Index(
                fields=["tenant", "due_at"],
                condition=Q(status="pending", due_at__isnull=False),
                name="sales_activity_pending",
            ),
            models.Index(
                fields=["tenant", "due_at"], condition=TO_REMIND, name="sales_activity_to_remind"
            ),
            models.Index(fields=["tenant", "updated_at"], name="sales_activity_changed"),
        ]

    def __str__(self) -> str:
        return self.subject

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from core.fields import TenantForeignKey, tenant_key
from core.models import TenantModel
from sales.mass_mail.querysets import CampaignManager

LONGEST_SUBJECT, LONGEST_CONTENT = 200, 200_000
WAITING = ("queued", "in_flight")


class Campaign(TenantModel):  # type: ignore[django-manager-missing]
    """One mail to everybody in a segment, with what is known of each put into it.

    What it says and to whom it goes is fixed when sending begins. `skipped` then counts who of the
    segment gets none, by reason.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        SENDING = "sending", _("Sending")
        PAUSED = "paused", _("Paused")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    name = models.CharField(_("name"), max_length=255)
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT, blank=True)
    preheader = models.CharField(
        _("preview text"),
        max_length=LONGEST_SUBJECT,
        blank=True,
        help_text=_("What mail programs show beside the subject."),
    )
    content = models.TextField(_("content"), max_length=LONGEST_CONTENT, blank=True)
    segment = TenantForeignKey(
        "sales.Segment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="campaigns",
        db_index=False,
        verbose_name=_("segment"),
    )
    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    scheduled_at = models.DateTimeField(_("scheduled for"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    sent_at = models.DateTimeField(_("finished"), null=True, editable=False)
    created_by = colleague(_("created by"))
    skipped = models.JSONField(_("skipped"), default=dict, editable=False)
    # Why it failed, or what the mail server that takes nothing now says; then it is tried later.
    problem = models.TextField(_("problem"), blank=True, db_default="", editable=False)
    retry_at = models.DateTimeField(null=True, editable=False)
    troubles = models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)

    objects: ClassVar[Any] = CampaignManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints: ClassVar[Any] = [
            tenant_key("sales_campaign"),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "scheduled", "cancelled", "failed"))
                | Q(status__in=("sending", "paused", "sent"), started_at__isnull=False),
                name="sales_campaign_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="scheduled") | Q(scheduled_at__isnull=False),
                name="sales_campaign_scheduled_for_a_time",
            ),
        ]
        indexes: ClassVar[Any] = [
            models.Index(F("tenant"), F("id").desc(), name="sales_campaign_newest"),
            models.Index(F("tenant"), F("status"), F("id").desc(), name="sales_campaign_by_status"),
            models.Index(fields=["tenant", "updated_at"], name="sales_campaign_changed"),
            models.Index(
                fields=["segment"],
                condition=Q(segment__isnull=False),
                name="sales_campaign_segment",
            ),
            models.Index(
                fields=["scheduled_at"], condition=Q(status="scheduled"), name="sales_campaign_due"
            ),
            models.Index(
                fields=["id"], condition=Q(status="sending"), name="sales_campaign_sending"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def state_on(self, day: date) -> str:
        """The state in which it is; of no day in particular."""
        return self.status


class CampaignRecipient(TenantModel):
    """One mail of a campaign: to whom, how far it came, and what they did with it.

    It is `in flight` from before the mail server is spoken to until its answer is kept; one that
    nobody heard of again is `unknown`: it may have arrived, and is never sent again.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        IN_FLIGHT = "in_flight", _("In flight")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")
        SKIPPED = "skipped", _("Skipped")

    campaign = TenantForeignKey(
        "sales.Campaign",
        on_delete=models.CASCADE,
        related_name="recipients",
        db_index=False,
        verbose_name=_("campaign"),
    )
    contact = TenantForeignKey(
        "prospects.Contact",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("contact"),
    )
    address = models.CharField(_("email"), max_length=254)
    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, db_default=Status.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), db_default=0)
    # Also until when whoever has claimed it, or is handing it over, is believed to be alive.
    due_at = models.DateTimeField()
    # When a worker took it, who has not let go of it (claims.py).
    claimed_at = models.DateTimeField(null=True)
    answer_status = models.PositiveSmallIntegerField(_("answer"), null=True)
    answer = models.TextField(_("what it said"), blank=True, db_default="")
    sent_at = models.DateTimeField(_("sent"), null=True)
    opened_at = models.DateTimeField(_("first opened"), null=True)
    clicked_at = models.DateTimeField(_("first clicked"), null=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed"), null=True)
    bounced_at = models.DateTimeField(_("bounced"), null=True)
    complained_at = models.DateTimeField(_("complained"), null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(
                fields=["campaign", "address"], name="sales_campaignrecipient_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=("queued", "in_flight", "sent", "failed", "unknown", "skipped")
                ),
                name="sales_campaignrecipient_status_known",
            ),
        ]
        indexes: ClassVar[Any] = [
            # The list by status, and all that is counted, without reading rows.
            models.Index(
                fields=["campaign", "status", "id"],
                include=["opened_at", "clicked_at", "unsubscribed_at", "bounced_at"],
                name="sales_campaignrecipient_status",
            ),
            models.Index(
                fields=["campaign", "due_at", "id"],
                condition=Q(status="queued"),
                name="sales_campaignrecipient_queue",
            ),
            models.Index(
                fields=["campaign", "due_at"],
                condition=Q(status="in_flight"),
                name="sales_campaignrecipient_flight",
            ),
            models.Index(
                fields=["contact"],
                condition=Q(contact__isnull=False),
                name="sales_campaignrecipient_person",
            ),
        ]

    def __str__(self) -> str:
        return self.address

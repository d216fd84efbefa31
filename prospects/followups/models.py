from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey
from core.models import TenantModel
from prospects.followups.querysets import TO_REMIND, NoteManager


class FollowUpNote(TenantModel):
    """What was done or said with a prospect or a person, and when to do the next thing."""

    class Action(models.TextChoices):
        CALL = "call", _("Call")
        WHATSAPP = "whatsapp", "WhatsApp"
        EMAIL = "email", _("Email")
        MEETING = "meeting", _("Meeting")
        SMS = "sms", "SMS"
        OTHER = "other", _("Other")

    prospect = TenantForeignKey(
        "prospects.Prospect",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notes",
        db_index=False,
        verbose_name=_("prospect"),
    )
    contact = TenantForeignKey(
        "prospects.Contact",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notes",
        db_index=False,
        verbose_name=_("contact"),
    )
    action = models.CharField(
        _("action"), max_length=10, choices=Action.choices, default=Action.OTHER
    )
    note = models.TextField(_("note"), max_length=10_000)
    category = TenantForeignKey(
        "prospects.FollowUpCategory",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("moved to"),
    )
    scheduled_at = models.DateTimeField(_("next contact"), null=True, blank=True)
    done_at = models.DateTimeField(_("settled"), null=True, blank=True)
    # The plan that somebody was told about; another one is told again.
    reminded_for = models.DateTimeField(null=True, editable=False)
    is_pinned = models.BooleanField(_("pinned"), default=False, db_default=False)
    created_by = TenantForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("written by"),
    )

    objects: ClassVar[Any] = NoteManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("follow-up note")
        verbose_name_plural = _("follow-up notes")
        constraints = [
            models.CheckConstraint(
                condition=Q(prospect__isnull=False) | Q(contact__isnull=False),
                name="prospects_followupnote_is_about_somebody",
            ),
        ]
        indexes = [
            models.Index(
                F("prospect"),
                F("created_at").desc(),
                F("id").desc(),
                name="prospects_note_of_prospect",
            ),
            models.Index(
                fields=["contact"],
                condition=Q(contact__isnull=False),
                name="prospects_note_of_contact",
            ),
            models.Index(
                fields=["tenant", "scheduled_at", "id"],
                condition=Q(scheduled_at__isnull=False),
                name="prospects_note_calendar",
            ),
            models.Index(
                fields=["prospect", "scheduled_at"],
                condition=Q(scheduled_at__isnull=False, done_at__isnull=True),
                name="prospects_note_unsettled",
            ),
            models.Index(
                fields=["tenant", "scheduled_at"], condition=TO_REMIND, name="prospects_note_remind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.note[:60]}"

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from core.fields import TenantForeignKey, tenant_key
from core.mails import MailRow

KINDS = ("quote", "invoice", "contract")
LONGEST_MESSAGE, LONGEST_SUBJECT = 5000, 200


def _document(model: str, verbose_name: Any) -> TenantForeignKey:
    return TenantForeignKey(
        model,
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="mails",
        db_index=False,
        verbose_name=verbose_name,
    )


def _one_of_three() -> Q:
    return Q(
        *(Q(**{f"{other}__isnull": other != kind for other in KINDS}) for kind in KINDS),
        _connector=Q.OR,
    )


class DocumentMail(MailRow):
    """A document on its way to the person with whom it is agreed, with a link to see it by."""

    class Purpose(models.TextChoices):
        DOCUMENT = "document", _("Document")
        REMINDER = "reminder", _("Reminder")

    quote = _document("sales.Quote", _("quote"))
    invoice = _document("sales.Invoice", _("invoice"))
    contract = _document("sales.Contract", _("contract"))
    purpose = models.CharField(
        _("purpose"), max_length=8, choices=Purpose.choices, default=Purpose.DOCUMENT
    )
    # Of a reminder: of which due date, and how many days after it (before it: below zero).
    due_date = models.DateField(_("due"), null=True, editable=False)
    days_from_due = models.SmallIntegerField(null=True, editable=False)
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT)
    message = models.TextField(_("message"), max_length=LONGEST_MESSAGE, blank=True)
    asked_by = colleague(_("sent by"))
    valid_until = models.DateTimeField(_("link works until"), null=True, editable=False)
    ended_at = models.DateTimeField(_("link ended"), null=True, editable=False)
    viewed_at = models.DateTimeField(_("first opened"), null=True, editable=False)

    class Meta(MailRow.Meta):
        verbose_name = _("mailed document")
        verbose_name_plural = _("mailed documents")
        constraints: ClassVar[Any] = [
            tenant_key("sales_documentmail"),
            models.CheckConstraint(condition=_one_of_three(), name="sales_documentmail_of_one"),
            models.CheckConstraint(
                condition=Q(purpose="document", due_date=None, days_from_due=None)
                | Q(
                    purpose="reminder",
                    due_date__isnull=False,
                    days_from_due__isnull=False,
                    invoice__isnull=False,
                ),
                name="sales_documentmail_reminds_of_a_day",
            ),
            models.UniqueConstraint(
                fields=["invoice", "due_date", "days_from_due"],
                condition=Q(purpose="reminder"),
                name="sales_documentmail_reminds_once",
            ),
        ]
        indexes: ClassVar[Any] = [
            *(
                models.Index(
                    F(kind),
                    F("id").desc(),
                    condition=Q(**{f"{kind}__isnull": False}),
                    name=f"sales_documentmail_{kind}",
                )
                for kind in KINDS
            ),
            # Waiting to be sent, or to be heard of.
            models.Index(
                fields=["tenant", "due_at", "id"],
                condition=Q(status__in=("pending", "in_flight")),
                name="sales_documentmail_due",
            ),
            models.Index(
                fields=["token_hash"],
                condition=Q(token_hash__gt=""),
                name="sales_documentmail_token",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def kind(self) -> str:
        """Of what it is: quote, invoice or contract."""
        return next(kind for kind in KINDS if getattr(self, f"{kind}_id") is not None)

    @property
    def document(self) -> Any:
        """The document that is mailed."""
        return getattr(self, self.kind)

"""Addresses that get no campaigns any more, whoever carries them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from accounts.users.models import User
from core.emails import InvalidEmail, normalize_email
from core.errors import DomainError, InvalidInput, NotFound
from core.fields import TenantForeignKey
from core.models import TenantModel

LONGEST_NOTE = 500


class SuppressedAddress(TenantModel):
    """An address to which no campaign is mailed, and why.

    One that is allowed again keeps its row, with who allowed it and why.
    """

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
        BOUNCED = "bounced", _("Bounced")
        COMPLAINED = "complained", _("Complained")
        BY_HAND = "by_hand", _("By hand")

    address = models.CharField(_("email"), max_length=254)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True)
    campaign = TenantForeignKey(
        "sales.Campaign",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("campaign"),
    )
    created_by = colleague(_("added by"))
    ended_at = models.DateTimeField(_("allowed again"), null=True, editable=False)
    ended_by = colleague(_("allowed again by"))
    ended_note = models.CharField(_("why allowed again"), max_length=LONGEST_NOTE, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(
                fields=["tenant", "address"],
                condition=Q(ended_at__isnull=True),
                name="sales_suppressedaddress_once",
                violation_error_message=_("This address is suppressed already."),
            ),
            models.CheckConstraint(
                condition=Q(reason__in=("unsubscribed", "bounced", "complained", "by_hand")),
                name="sales_suppressedaddress_reason_known",
            ),
        ]
        indexes: ClassVar[Any] = [
            models.Index(F("tenant"), F("id").desc(), name="sales_suppressedaddress_newest"),
            models.Index(
                fields=["campaign"],
                condition=Q(campaign__isnull=False),
                name="sales_suppressedaddress_of",
            ),
        ]

    def __str__(self) -> str:
        return self.address


class AlreadySuppressed(DomainError):
    """The address gets no campaigns as it is."""

    code = "suppressed_already"


def suppress(
    *,
    address: str,
    reason: str,
    note: str = "",
    campaign_id: int | None = None,
    by: User | None = None,
) -> bool:
    """Mail no campaign to an address any more. Returns whether that is new; the first reason
    stays."""
    row = SuppressedAddress(
        address=address.strip().lower(),
        reason=reason,
        note=note[:LONGEST_NOTE],
        campaign_id=campaign_id,
        created_by_id=by.pk if by and by.tenant_id else None,
    )
    live = SuppressedAddress.objects.filter(address=row.address, ended_at=None)
    if live.exists():
        return False
    SuppressedAddress.objects.bulk_create([row], ignore_conflicts=True)
    return True


@transaction.atomic
def suppress_by_hand(*, address: str, note: str, by: User, at: datetime) -> SuppressedAddress:
    """Somebody of the tenant says that an address gets no campaigns.

    :raises InvalidInput: it is no address.
    :raises AlreadySuppressed: it gets none as it is.
    """
    try:
        address = normalize_email(address)
    except InvalidEmail as error:
        raise InvalidInput.of("address", str(_("This is not an email address."))) from error
    if not suppress(address=address, reason=SuppressedAddress.Reason.BY_HAND, note=note, by=by):
        raise AlreadySuppressed(str(_("This address is suppressed already.")))
    return SuppressedAddress.objects.get(address=address, ended_at=None)


@transaction.atomic
def allow_again(*, suppressed_id: int, note: str, by: User, at: datetime) -> None:
    """Mail campaigns to an address again; who says so, and why, is kept.

    :raises NotFound: it is not suppressed.
    :raises InvalidInput: no reason is given.
    """
    if not note.strip():
        raise InvalidInput.of("note", str(_("Say why it may be written to again.")))
    live = SuppressedAddress.objects.filter(pk=suppressed_id, ended_at=None)
    values = {"ended_at": at, "ended_by_id": by.pk if by.tenant_id else None}
    if not live.update(**values, ended_note=note.strip()[:LONGEST_NOTE]):
        raise NotFound(str(_("This address is not suppressed.")))

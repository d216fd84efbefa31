from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.companies.models import Tier
from clients.operations.querysets import OperationManager
from clients.operations.triggers import account_triggers, tier_triggers
from core.currencies import parse_currency
from core.fields import TenantForeignKey
from core.models import TenantEvent, TenantModel
from core.values import InvalidValue


def validate_currency(text: str) -> None:
    """Refuse what is no currency."""
    try:
        parse_currency(text)
    except InvalidValue as error:
        raise ValidationError(_("This is no currency of ISO 4217, such as MXN.")) from error


def _company(related_name: str) -> TenantForeignKey:
    return TenantForeignKey(
        "clients.Company",
        on_delete=models.PROTECT,
        related_name=related_name,
        db_index=False,
        verbose_name=_("company"),
    )


def _indexes(name: str, moment: str) -> list[models.Index]:
    """A company's rows in order of time, its first among them; and what changed since.

    The second is a B-tree, although BRIN would cost COPY nothing: an update puts the new time
    into an old page, so that ten thousand scattered changes make BRIN read nearly the whole
    table. Appending to the right edge of a B-tree costs COPY little, and rows of one statement
    share their time, so that they fold into few entries.
    """
    return [
        models.Index(fields=["company", moment], name=f"{name}_of_company"),
        models.Index(fields=["tenant", "updated_at"], name=f"{name}_changed"),
    ]


def _constraints(table: str, amount: Q) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(
            fields=["tenant", "external_id"],
            condition=Q(external_id__gt=""),
            name=f"{table}_external_id_unique",
            violation_error_message=_("This external id is taken already."),
        ),
        models.CheckConstraint(
            condition=amount,
            name=f"{table}_amount_in_range",
            violation_error_message=_("This amount is out of range."),
        ),
        models.CheckConstraint(
            condition=Q(currency__regex=r"^[A-Z]{3}$"),
            name=f"{table}_currency_is_a_code",
            violation_error_message=_("This is no currency of ISO 4217, such as MXN."),
        ),
    ]


class Operation(TenantModel):  # type: ignore[django-manager-missing]
    """Something that moves the balance of a company; told by the logistics platform."""

    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    currency = models.CharField(_("currency"), max_length=3, validators=[validate_currency])

    objects: ClassVar[Any] = OperationManager()

    class Meta(TenantModel.Meta):
        abstract = True


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    pghistory.DeleteEvent(),
    exclude=["updated_at"],
    base_model=TenantEvent,
    model_name="AccountPaymentEvent",
)
class AccountPayment(Operation):
    """A recharge: money that a client put into its account."""

    company = _company("recharges")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    method = models.CharField(_("method"), max_length=60, blank=True)
    paid_at = models.DateTimeField(_("paid"))

    class Meta(Operation.Meta):
        verbose_name = _("recharge")
        verbose_name_plural = _("recharges")
        triggers = [
            *Operation.Meta.triggers,
            *account_triggers("clients_accountpayment", "amount", "paid_at", "first_recharge_at"),
        ]
        constraints = _constraints("clients_accountpayment", Q(amount__gt=0))
        indexes = _indexes("clients_payment", "paid_at")

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    pghistory.DeleteEvent(),
    exclude=["updated_at"],
    base_model=TenantEvent,
    model_name="ShipmentEvent",
)
class Shipment(Operation):
    """A parcel that a client sent, and what it was charged for it."""

    company = _company("shipments")
    charge = models.DecimalField(_("charge"), max_digits=12, decimal_places=2)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    shipped_at = models.DateTimeField(_("shipped"))

    class Meta(Operation.Meta):
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        triggers = [
            *Operation.Meta.triggers,
            *account_triggers("clients_shipment", "-charge", "shipped_at", "first_shipment_at"),
        ]
        constraints = _constraints("clients_shipment", Q(charge__gte=0))
        indexes = _indexes("clients_shipment", "shipped_at")

    def __str__(self) -> str:
        return self.external_id or f"#{self.pk}"


class MonthlyTier(TenantModel):  # type: ignore[django-manager-missing]
    """How much a client shipped in one month, as a level; the latest is the company's tier."""

    company = _company("monthly_tiers")
    month = models.DateField(_("month"), help_text=_("The first day of the month."))
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Tier.choices)

    objects: ClassVar[Any] = OperationManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("monthly tier")
        verbose_name_plural = _("monthly tiers")
        triggers = [*TenantModel.Meta.triggers, *tier_triggers("clients_monthlytier")]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "month"],
                name="clients_monthlytier_month_unique",
                violation_error_message=_("The company has a tier for this month already."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="clients_monthlytier_month_is_its_first_day",
                violation_error_message=_("Give the first day of the month."),
            ),
            models.CheckConstraint(
                condition=Q(tier__range=(0, 5)), name="clients_monthlytier_tier_known"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "updated_at"], name="clients_monthlytier_changed")
        ]

    def clean(self) -> None:
        """Any day of a month means the month."""
        if self.month:
            self.month = self.month.replace(day=1)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.get_tier_display()}"

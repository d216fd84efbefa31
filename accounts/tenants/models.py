from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.currencies import CURRENCIES
from core.models import TouchUpdatedAt


def validate_time_zone(name: str) -> None:
    """Refuse a name that the time zone database does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("%(name)s is not a time zone."), params={"name": name})


def validate_currency(code: str) -> None:
    """Refuse what is no currency of ISO 4217."""
    if code not in CURRENCIES:
        raise ValidationError(_("Three capital letters, such as MXN."))


MOST_REMINDERS, FARTHEST_REMINDER, LONGEST_LINK = 5, 365, 365  # the last two in days
FASTEST_PACE = 1_000_000


def in_order(days: Iterable[int]) -> list[int]:
    """Return distances in days, each once, the nearest first."""
    return sorted(set(days))


def _days(verbose_name: Any) -> ArrayField:
    """A few distances from a day, in days."""
    distance = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(FARTHEST_REMINDER)]
    )
    return ArrayField(
        distance,
        verbose_name=verbose_name,
        size=MOST_REMINDERS,
        blank=True,
        default=list,
        db_default=Value("{}"),
    )


class Tenant(models.Model):
    """A customer of this installation: one company with its people, pipeline and money."""

    class Language(models.TextChoices):
        SPANISH = "es", _("Spanish")
        ENGLISH = "en", _("English")

    name = models.CharField(_("name"), max_length=255)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="America/Mexico_City",
        validators=[validate_time_zone],
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.SPANISH
    )
    currency = models.CharField(
        _("currency"), max_length=3, default="MXN", validators=[validate_currency]
    )
    tax_id = models.CharField(_("tax id (RFC)"), max_length=30, blank=True, db_default="")
    address = models.CharField(_("address"), max_length=500, blank=True, db_default="")
    logo = models.ForeignKey(  # its key compares the tenant: migration 0013
        "accounts.Picture",
        on_delete=models.SET_NULL,
        db_constraint=False,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("logo"),
    )
    country_code = models.CharField(_("country"), max_length=2, default="MX")
    # Customers are reminded of invoices only by a tenant that says so.
    remind_days_before = _days(_("remind of invoices so many days before they are due"))
    remind_days_after = _days(_("remind of invoices so many days after they were due"))
    document_link_days = models.PositiveSmallIntegerField(
        _("days for which the links in mailed documents work"),
        default=60,
        db_default=60,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_LINK)],
    )
    campaign_mails_per_minute = models.PositiveIntegerField(
        _("mails of campaigns a minute"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(FASTEST_PACE)],
        help_text=_("Empty: as many as can be."),
    )
    requires_two_factor = models.BooleanField(
        _("everybody signs in with a code of an app, too"),
        default=False,
        db_default=False,
        help_text=_("Otherwise, whoever wants to may set it up for themselves."),
    )
    agents_may_send = models.BooleanField(
        _("agents may send, approve, record payments and delete"),
        default=True,
        db_default=True,
        help_text=_("Otherwise people do; agents (MCP) are told what it would change."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        triggers = [
            TouchUpdatedAt(),
            pgtrigger.Trigger(
                name="revoke_sessions",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("is_active"),
                condition=pgtrigger.Condition("OLD.is_active AND NOT NEW.is_active"),
                func=(
                    "UPDATE accounts_session SET revoked_at = now() "
                    "WHERE tenant_id = NEW.id AND revoked_at IS NULL; RETURN NULL;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone in which the tenant's days begin and end."""
        return zoneinfo.ZoneInfo(self.time_zone)

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from core.fields import TenantForeignKey, tenant_key
from core.models import SoftDeletedModel, TenantModel
from sales.documents.querysets import AllDocumentsManager, DocumentManager

LIVE = Q(deleted_at__isnull=True)
LONGEST_TEXT, LONGEST_ADDRESS = 10_000, 1_000


class DocumentCounter(TenantModel):
    """The last number that a kind of document of the tenant was given (numbering.py)."""

    kind = models.CharField(_("kind"), max_length=3)
    last_number = models.PositiveIntegerField(_("last number"))

    class Meta(TenantModel.Meta):
        verbose_name = _("counter of documents")
        verbose_name_plural = _("counters of documents")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind"], name="sales_documentcounter_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}-{self.last_number:06}"


def gone_index(kind: str) -> models.Index:
    """Behind the list of what was deleted, the latest first."""
    return models.Index(
        F("tenant"),
        F("deleted_at").desc(),
        F("id").desc(),
        condition=Q(deleted_at__isnull=False),
        name=f"sales_{kind}_gone",
    )


def money(verbose_name: Any) -> models.DecimalField:
    """An amount in the document's currency, zero or more."""
    return models.DecimalField(
        verbose_name,
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )


class MoneyDocument(SoftDeletedModel):
    """Something with a number that is agreed with a person: a quote, an invoice, a contract.

    A subclass says of which kind its number is, and what the calendar alone does to it: after the
    day in the column LAST_DAY, its LAPSING_STATE reads as LAPSED_STATE. That is never stored.
    """

    KIND: ClassVar[str]
    LAPSING_STATE: ClassVar[str]
    LAPSED_STATE: ClassVar[str]
    LAST_DAY: ClassVar[str]

    number = models.PositiveIntegerField(_("number"), editable=False)
    status: Any
    contact = TenantForeignKey(
        "prospects.Contact",
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        db_index=False,
        verbose_name=_("contact"),
    )
    deal = TenantForeignKey(
        "sales.Deal",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="%(class)ss",
        db_index=False,
        verbose_name=_("deal"),
    )
    title = models.CharField(_("title"), max_length=255, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    notes = models.TextField(_("notes"), max_length=LONGEST_TEXT, blank=True)
    terms = models.TextField(_("terms"), max_length=LONGEST_TEXT, blank=True)
    billing_address = models.TextField(_("billing address"), max_length=LONGEST_ADDRESS, blank=True)
    owner = colleague(_("owner"))
    created_by = colleague(_("created by"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = DocumentManager()
    all_objects: ClassVar[Any] = AllDocumentsManager()

    class Meta(SoftDeletedModel.Meta):
        abstract = True
        constraints = [
            tenant_key("sales_%(class)s"),
            # Of the deleted too: no number is given twice.
            models.UniqueConstraint(fields=["tenant", "number"], name="sales_%(class)s_number"),
            models.CheckConstraint(
                condition=LIVE | Q(status="draft"), name="sales_%(class)s_only_drafts_deleted"
            ),
        ]
        # Each serves a filter of the list, newest first.
        indexes = [
            models.Index(
                F("tenant"), F("id").desc(), condition=LIVE, name="sales_%(class)s_newest"
            ),
            models.Index(F("contact"), F("id").desc(), name="sales_%(class)s_contact"),
            models.Index(F("deal"), F("id").desc(), name="sales_%(class)s_deal"),
            models.Index(F("owner"), F("id").desc(), condition=LIVE, name="sales_%(class)s_owner"),
            models.Index(fields=["created_by"], condition=LIVE, name="sales_%(class)s_creator"),
            models.Index(
                F("tenant"),
                F("status"),
                F("id").desc(),
                condition=LIVE,
                name="sales_%(class)s_status",
            ),
            models.Index(
                fields=["tenant", "updated_at", "id"],
                condition=LIVE,
                name="sales_%(class)s_changed",
            ),
            gone_index("%(class)s"),
        ]

    def __str__(self) -> str:
        return self.number_text

    @property
    def number_text(self) -> str:
        """The number as people write it: COT-000001."""
        return f"{self.KIND}-{self.number:06}"

    @classmethod
    def lapsed(cls, today: date) -> Q:
        """Those that the calendar has done something to by a day."""
        return Q(**{"status": cls.LAPSING_STATE, f"{cls.LAST_DAY}__lt": today})

    @classmethod
    def not_lapsed(cls, today: date) -> Q:
        """Those of the same state that it has not: said so that the index of the day serves it."""
        open_yet = Q(**{f"{cls.LAST_DAY}__gte": today}) | Q(**{f"{cls.LAST_DAY}__isnull": True})
        return open_yet & Q(status=cls.LAPSING_STATE)

    def has_lapsed(self, today: date) -> bool:
        """Whether the calendar has done something to this one by a day."""
        last_day: date | None = getattr(self, self.LAST_DAY)
        return last_day is not None and last_day < today and self.status == self.LAPSING_STATE

    def state_on(self, today: date) -> str:
        """The state on a day of the tenant."""
        return self.LAPSED_STATE if self.has_lapsed(today) else self.status


def day_index(kind: str, column: str) -> models.Index:
    """Behind the filter of a list by days."""
    return models.Index(fields=["tenant", column], condition=LIVE, name=f"sales_{kind}_by_{column}")


class PricedDocument(MoneyDocument):
    """A document whose items say what it comes to; lines.py alone writes the three sums."""

    subtotal = money(_("subtotal"))
    tax_total = money(_("tax"))
    total = money(_("total"))

    class Meta(MoneyDocument.Meta):
        abstract = True
        constraints = [
            *MoneyDocument.Meta.constraints,
            models.CheckConstraint(
                condition=Q(subtotal__gte=0, tax_total__gte=0)
                & Q(total=F("subtotal") + F("tax_total")),
                name="sales_%(class)s_adds_up",
            ),
        ]


def percent(verbose_name: Any) -> models.DecimalField:
    """A part of a hundred, 0 to 100."""
    return models.DecimalField(
        verbose_name,
        max_digits=7,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )


class Item(TenantModel):
    """A line of a document: what, how much, for how much. amounts.py says what it comes to."""

    position = models.PositiveIntegerField(_("position"), default=0, editable=False)
    product = TenantForeignKey(
        "sales.Product",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("product"),
    )
    description = models.TextField(_("description"), max_length=1000)
    quantity = models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=4, default=Decimal(1)
    )
    unit_price = models.DecimalField(
        _("unit price"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    discount_percent = percent(_("discount (%)"))
    tax_rate = percent(_("tax rate (%)"))
    net = money(_("net"))
    tax = money(_("tax"))
    total = money(_("total"))

    class Meta(TenantModel.Meta):
        abstract = True
        verbose_name = _("item")
        verbose_name_plural = _("items")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price__gte=0)
                & Q(discount_percent__range=(0, 100), tax_rate__range=(0, 100)),
                name="sales_%(class)s_in_range",
            ),
            models.CheckConstraint(
                condition=Q(net__gte=0, tax__gte=0, total=F("net") + F("tax")),
                name="sales_%(class)s_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return self.description

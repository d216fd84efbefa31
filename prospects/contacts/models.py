from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from core.fields import TenantForeignKey, tenant_key
from core.folding import Folded
from core.models import SoftDeletedModel, TenantEvent
from core.tallies import PEOPLE, tallied
from prospects.contacts.querysets import AllContactsManager, ContactManager

LIVE = Q(deleted_at__isnull=True)
# Who is on a card beside its primary contact, whose email and phone are the card's own.
FURTHER = Q(prospect__isnull=False, is_primary=False)
HIGHEST_SCORE = 100


def _text(verbose_name: Any, max_length: int) -> models.CharField:
    """A text that raw SQL may leave out: cards' people come by the million."""
    return models.CharField(
        verbose_name, max_length=max_length, blank=True, default="", db_default=""
    )


class LifecycleStage(models.TextChoices):
    """How far somebody has come with us, whatever column their card stands in."""

    LEAD = "lead", _("Lead")
    PROSPECT = "prospect", _("Prospect")
    CUSTOMER = "customer", _("Customer")
    EVANGELIST = "evangelist", _("Evangelist")
    LOST = "lost", _("Lost")


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    exclude=["updated_at", "search_text", "lead_score", "last_activity_at"],
    base_model=TenantEvent,
    model_name="ContactEvent",
)
class Contact(SoftDeletedModel):  # type: ignore[django-manager-missing]
    """A person, of a card or alone. A card's primary one is its own name, email and phone."""

    prospect = TenantForeignKey(
        "prospects.Prospect",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("prospect"),
    )
    is_primary = models.BooleanField(_("primary"), default=False)
    first_name = models.CharField(_("first name"), max_length=255, blank=True)
    last_name = models.CharField(_("last name"), max_length=255, blank=True)
    email = models.CharField(_("email"), max_length=254, blank=True)
    phone_code = models.CharField(_("phone code"), max_length=4, blank=True)
    phone = models.CharField(_("phone"), max_length=15, blank=True)
    position = models.CharField(_("position"), max_length=255, blank=True)
    phone_type = _text(_("kind of phone"), 20)
    more_emails = ArrayField(
        models.CharField(max_length=254),
        verbose_name=_("further emails"),
        blank=True,
        default=list,
        db_default=Value("{}"),
    )
    # [{"code": "52", "phone": "5512345678", "type": "office"}, …]
    more_phones = models.JSONField(
        _("further phones"), blank=True, default=list, db_default=Value([], models.JSONField())
    )
    # Without one, the card's owner is meant.
    owner = colleague(_("owner"))
    created_by = colleague(_("created by"))
    lifecycle_stage = models.CharField(
        _("stage"),
        max_length=10,
        choices=LifecycleStage.choices,
        default=LifecycleStage.LEAD,
        db_default=LifecycleStage.LEAD,
    )
    # Both kept by sales.contacts.scoring: when somebody was last in touch with them.
    lead_score = models.PositiveSmallIntegerField(
        _("score"), default=0, db_default=0, editable=False
    )
    last_activity_at = models.DateTimeField(_("last activity"), null=True, editable=False)
    source = _text(_("source"), 100)
    city = _text(_("city"), 255)
    country = _text(_("country"), 100)
    custom_fields = models.JSONField(
        _("fields of our own"),
        blank=True,
        default=dict,
        db_default=Value({}, models.JSONField()),
    )
    # "" for who is alone on a card: its search text is theirs. Kept by prospects.pipeline.people.
    search_text = models.TextField(default="", db_default="", editable=False)

    objects: ClassVar[Any] = ContactManager()
    all_objects: ClassVar[Any] = AllContactsManager()

    class Meta(SoftDeletedModel.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        triggers = [*SoftDeletedModel.Meta.triggers, *tallied(PEOPLE)]
        constraints = [
            tenant_key("prospects_contact"),
            models.UniqueConstraint(
                fields=["prospect"],
                condition=Q(is_primary=True, deleted_at__isnull=True),
                name="prospects_contact_one_primary",
                violation_error_message=_("The card has a primary contact already."),
            ),
            models.CheckConstraint(
                condition=Q(lifecycle_stage__in=LifecycleStage.values),
                name="prospects_contact_stage_known",
            ),
            models.CheckConstraint(
                condition=Q(lead_score__lte=HIGHEST_SCORE), name="prospects_contact_score_in_range"
            ),
        ]
        # Each serves a filter of the lists. What an import leaves at its default is in none of
        # the partial ones.
        indexes = [
            models.Index(
                fields=["tenant", "email"],
                condition=Q(email__gt="", deleted_at__isnull=True),
                name="prospects_contact_email",
            ),
            models.Index(
                F("tenant"),
                F("lifecycle_stage"),
                F("id").desc(),
                condition=LIVE & ~Q(lifecycle_stage=LifecycleStage.LEAD),
                name="prospects_contact_stage",
            ),
            models.Index(
                fields=["owner"],
                condition=Q(owner__isnull=False),
                name="prospects_contact_owner",
            ),
            models.Index(
                fields=["created_by"],
                condition=Q(created_by__isnull=False, prospect__isnull=True),
                name="prospects_contact_creator",
            ),
            models.Index(
                fields=["tenant", "updated_at", "id"],
                condition=LIVE,
                name="prospects_contact_changed",
            ),
            GinIndex(
                fields=["more_emails"],
                condition=LIVE & ~Q(more_emails=Value("{}")),
                name="prospects_contact_more_emails",
            ),
            # By these, conditions of segments are answered (sales.conditions).
            *(
                models.Index(
                    F("tenant"),
                    Folded(name),
                    condition=LIVE & Q(**{f"{name}__gt": ""}),
                    name=f"prospects_contact_{name}",
                )
                for name in ("city", "country", "source")
            ),
            models.Index(
                fields=["tenant", "last_activity_at", "id"],
                condition=LIVE & Q(last_activity_at__isnull=False),
                name="prospects_contact_activity",
            ),
            # Contacts are written in the order of time: this is a thousandth of a tree.
            BrinIndex(
                OpClass(F("created_at"), name="timestamptz_minmax_multi_ops"),
                autosummarize=True,
                pages_per_range=32,
                name="prospects_contact_created",
            ),
            GinIndex(
                OpClass(F("custom_fields"), name="jsonb_path_ops"),
                condition=LIVE & ~Q(custom_fields=Value({}, models.JSONField())),
                name="prospects_contact_custom",
            ),
            # By these, cards that name the same person are found (prospects.duplicates).
            models.Index(
                fields=["tenant", "email"],
                condition=LIVE & FURTHER & Q(email__gt=""),
                name="prospects_contact_further_mail",
            ),
            models.Index(
                fields=["tenant", "phone", "phone_code"],
                condition=LIVE & FURTHER & Q(phone__gt=""),
                name="prospects_contact_further_tel",
            ),
            models.Index(
                F("tenant"),
                Func(
                    F("email"),
                    Value("@"),
                    Value(2),
                    function="split_part",
                    output_field=models.TextField(),
                ),
                condition=LIVE & FURTHER & Q(email__gt=""),
                name="prospects_contact_domain",
            ),
            GinIndex(
                OpClass(F("more_phones"), name="jsonb_path_ops"),
                condition=LIVE & ~Q(more_phones=Value([], models.JSONField())),
                name="prospects_contact_more_phones",
            ),
            GinIndex(
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                condition=LIVE & Q(search_text__gt=""),
                name="prospects_contact_search",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def name(self) -> str:
        """First and last name in one."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def has_identity(self) -> bool:
        """Whether anything says who it is."""
        return bool(self.name or self.email or self.phone)

    @property
    def emails(self) -> list[str]:
        """Every address, the first one first."""
        return [self.email, *self.more_emails] if self.email else list(self.more_emails)

    @property
    def e164_phones(self) -> list[str]:
        """Every phone as `+525512345678`, the first one first."""
        further = [f"+{each['code']}{each['phone']}" for each in self.more_phones]
        return [f"+{self.phone_code}{self.phone}", *further] if self.phone else further


def split_name(name: str) -> dict[str, str]:
    """Return first and last name as columns: the first word is the first name."""
    first_name, _, last_name = name.strip().partition(" ")
    return {"first_name": first_name, "last_name": last_name.lstrip()}

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey, tenant_key
from core.models import SoftDeletedModel, TenantEvent
from prospects.contacts.querysets import AllContactsManager, ContactManager


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    exclude=["updated_at"],
    base_model=TenantEvent,
    model_name="ContactEvent",
)
class Contact(SoftDeletedModel):  # type: ignore[django-manager-missing]
    """A person. The primary contact of a card is the card's own name, email and phone."""

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

    objects: ClassVar[Any] = ContactManager()
    all_objects: ClassVar[Any] = AllContactsManager()

    class Meta(SoftDeletedModel.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            tenant_key("prospects_contact"),
            models.UniqueConstraint(
                fields=["prospect"],
                condition=Q(is_primary=True, deleted_at__isnull=True),
                name="prospects_contact_one_primary",
                violation_error_message=_("The card has a primary contact already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "email"],
                condition=Q(email__gt="", deleted_at__isnull=True),
                name="prospects_contact_email",
            )
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


def split_name(name: str) -> dict[str, str]:
    """Return first and last name as columns: the first word is the first name."""
    first_name, _, last_name = name.strip().partition(" ")
    return {"first_name": first_name, "last_name": last_name.lstrip()}

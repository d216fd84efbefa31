from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import TenantOneToOneField
from core.models import TenantModel


class Onboarding(TenantModel):
    """What staff noted about how a client starts. A client without a row: nothing noted yet.

    What the data show by themselves is not kept here (steps.py).
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        IN_PROGRESS = "in_progress", _("In progress")
        PAUSED = "paused", _("Paused")
        COMPLETED = "completed", _("Completed")

    company = TenantOneToOneField(
        "clients.Company",
        on_delete=models.CASCADE,
        related_name="onboarding",
        verbose_name=_("company"),
    )
    # Blank: as the steps say.
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, editable=False)
    account_verified_at = models.DateTimeField(_("account verified"), null=True, blank=True)
    fiscal_data_at = models.DateTimeField(_("fiscal data"), null=True, blank=True)
    store_connected_at = models.DateTimeField(_("store connected"), null=True, blank=True)
    origin_address_at = models.DateTimeField(_("origin address"), null=True, blank=True)
    training_at = models.DateTimeField(_("training"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("onboarding")
        verbose_name_plural = _("onboardings")

    def __str__(self) -> str:
        return str(self.company)

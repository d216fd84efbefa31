from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

CODE_LENGTH, LONGEST_NAME = 5, 120


class Settlement(models.Model):
    """A colonia, or whatever a Mexican postal code names beside it; the same for every tenant.

    `city` is empty where there is none: in the country.
    """

    code = models.CharField(_("postal code"), max_length=CODE_LENGTH)
    name = models.CharField(_("settlement"), max_length=LONGEST_NAME)
    municipality = models.CharField(_("municipality"), max_length=LONGEST_NAME)
    city = models.CharField(_("city"), max_length=LONGEST_NAME, blank=True)
    state = models.CharField(_("state"), max_length=LONGEST_NAME)
    # All of it, as core.search_text folds it.
    search_text = models.TextField(editable=False)

    class Meta:
        verbose_name = _("postal code")
        verbose_name_plural = _("postal codes")
        constraints: ClassVar[Any] = [
            # Its index is also the one of the look-up.
            models.UniqueConstraint(
                fields=["code", "name", "municipality"], name="sales_settlement_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

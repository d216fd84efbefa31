from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import tenant_key
from core.models import TenantModel


class Picture(TenantModel):
    """A face or a logo, as core.pictures makes it. Whoever knows its id may look at it: pages show
    it by an address, to which browsers send no token."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.BinaryField()

    class Meta(TenantModel.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [tenant_key("accounts_picture")]

    def __str__(self) -> str:
        return str(self.pk)

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey, tenant_key
from core.models import TenantModel
from core.outbox import OutboxRow

LONGEST_URL = 500


class WebhookEndpoint(TenantModel):
    """An address of the tenant's own systems that is told of some events as they happen."""

    url = models.CharField(_("address"), max_length=LONGEST_URL)
    events = ArrayField(models.CharField(max_length=60), verbose_name=_("events"))
    is_active = models.BooleanField(_("active"), default=True)
    # It signs what is sent; people see it once, when it is made.
    secret = models.CharField(max_length=100, editable=False)
    # The first failure since the last success; None while all is well.
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [tenant_key("accounts_webhookendpoint")]
        indexes = [
            models.Index(
                fields=["tenant"],
                condition=models.Q(is_active=True),
                name="accounts_webhook_active",
            )
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(OutboxRow):
    """One event on its way to one endpoint: written with the change, sent by the worker.

    `created_at` is the moment of the transaction, and an event about an object is told once for
    each transaction, as things stand at its end.
    """

    endpoint = TenantForeignKey(
        WebhookEndpoint,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,
        verbose_name=_("webhook"),
    )
    event = models.CharField(_("event"), max_length=60)
    object_id = models.BigIntegerField()
    data = models.JSONField(_("what is sent"))

    class Meta(OutboxRow.Meta):
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "event", "object_id", "created_at"],
                name="accounts_webhookdelivery_told_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "due_at", "id"],
                condition=models.Q(status="pending"),
                name="accounts_webhook_due",
            ),
            models.Index(fields=["endpoint", "-created_at", "-id"], name="accounts_webhook_newest"),
            models.Index(
                fields=["tenant", "-created_at", "-id"], name="accounts_webhook_of_tenant"
            ),
        ]

    @property
    def message_id(self) -> str:
        """The id under which receivers know it; the same however often it is sent."""
        return f"msg_{self.pk}"

    def __str__(self) -> str:
        return f"{self.event} {self.object_id}: {self.get_status_display()}"

"""The base of every row that belongs to a tenant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import pghistory.models
import pgtrigger
from django.db import models
from django.db.models.functions import Now

from core.fields import TenantForeignKey
from core.tenancy import InCurrentTenant, TenantNotSet, WrongTenant, current_tenant


def tenant_of_written_row(tenant_id: int | None) -> int:
    """Return the tenant a row about to be written or deleted belongs to.

    :raises WrongTenant: if it names another tenant than the one acted for.
    :raises TenantNotSet: if neither the row nor the scope names one.
    """
    acting_for = current_tenant()
    if tenant_id is None:
        tenant_id = acting_for
    if tenant_id is None:
        raise TenantNotSet("Acting for everyone: the row itself must name its tenant.")
    if acting_for is not None and tenant_id != acting_for:
        raise WrongTenant("This row belongs to another tenant than the one acted for.")
    return tenant_id


class TenantQuerySet(models.QuerySet):
    """Rows of the tenant acted for."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        for row in rows:
            row.tenant_id = tenant_of_written_row(row.tenant_id)
        return super().bulk_create(rows, *args, **kwargs)

    def update(self, **values: Any) -> int:
        if "tenant" in values or "tenant_id" in values:
            tenant = values.get("tenant", values.get("tenant_id"))
            tenant_of_written_row(getattr(tenant, "pk", tenant))
        return super().update(**values)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """Sees the rows of the tenant acted for; running a query as nobody raises."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(InCurrentTenant("tenant"))


class LiveManager(TenantManager):
    """Sees what has not been deleted."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(deleted_at__isnull=True)


class TouchUpdatedAt(pgtrigger.Trigger):
    """Sets updated_at on every real change, whoever writes: ORM, bulk update or raw SQL."""

    name = "touch_updated_at"
    when = pgtrigger.Before
    operation = pgtrigger.Update
    condition = pgtrigger.Condition("OLD.* IS DISTINCT FROM NEW.*")
    func = "NEW.updated_at = statement_timestamp(); RETURN NEW;"


class StampUpdatedAt(pgtrigger.Trigger):
    """Sets updated_at on new rows too, whatever the writer says: for tables that somebody asks
    what changed since."""

    name = "stamp_updated_at"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = "NEW.updated_at = statement_timestamp(); RETURN NEW;"


class TenantModel(models.Model):
    """A row owned by one tenant. `objects` sees only rows of the tenant acted for."""

    tenant = models.ForeignKey(
        "accounts.Tenant",
        on_delete=models.CASCADE,
        related_name="+",
        editable=False,
        db_index=False,  # every index that matters begins with it
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[Any] = TenantManager()

    class Meta:
        abstract = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [TouchUpdatedAt()]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.tenant_id = tenant_of_written_row(self.tenant_id)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        tenant_of_written_row(self.tenant_id)
        return super().delete(*args, **kwargs)


class SoftDeletedModel(TenantModel):
    """A row that people delete and may want back. `objects` sees the living, `all_objects` all."""

    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = LiveManager()
    all_objects: ClassVar[Any] = TenantManager()

    class Meta(TenantModel.Meta):
        abstract = True


class TenantEvent(pghistory.models.Event):
    """A past state of a tenant's row, kept by a trigger; seen only within its tenant."""

    objects: ClassVar[Any] = TenantManager()

    class Meta:
        abstract = True


class Tally(TenantModel):
    """A step that a subject of a tenant has gone on, or many of them folded into one.

    Triggers write them, and none is changed (core.tallies). `user_id` is whose own the subject is:
    0 where it is everybody's.
    """

    subject = models.CharField(max_length=20)
    user_id = models.BigIntegerField(default=0)
    step = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "tallies"
        indexes: ClassVar[Any] = [
            models.Index(
                fields=["tenant", "subject", "user_id"],
                include=["step"],
                name="core_tally_of_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.step:+}"


class AnsweredRequest(TenantModel):
    """The first answer to a request that its caller may send again (core.idempotency)."""

    user = TenantForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    version = models.CharField(max_length=100, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(
                fields=["tenant", "user", "key"], name="core_answeredrequest_key_unique"
            )
        ]
        indexes: ClassVar[Any] = [
            models.Index(fields=["created_at"], name="core_answeredrequest_created")
        ]

    def __str__(self) -> str:
        return self.key

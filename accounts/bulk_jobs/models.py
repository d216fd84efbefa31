from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.bulk_jobs.querysets import BulkJobManager
from core.fields import TenantForeignKey, proved_tenant, tenant_key
from core.models import TenantModel


class BulkJob(TenantModel):
    """What somebody asked to be done to all rows of a list, and how far it is.

    The rows are written down when it starts (BulkChunk). It stays as a record of who exported or
    changed what.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Stopped")
        FAILED = "failed", _("Failed")

    kind = models.SlugField(_("what"), max_length=40, db_index=False)
    list_name = models.CharField(_("list"), max_length=100)
    query = models.TextField(_("filters"), blank=True)
    given = models.JSONField(default=dict, blank=True)
    key = models.CharField(max_length=64, editable=False)
    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, default=Status.WAITING
    )
    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    changed = models.PositiveIntegerField(_("rows changed"), default=0)
    refused = models.JSONField(_("rows refused"), default=dict, blank=True)  # {why: how many}
    next_chunk = models.PositiveIntegerField(default=0)
    starts = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(_("message"), max_length=500, blank=True)
    # Served to its user alone, by the back office; cleared after some days.
    file = models.FileField(upload_to="exports/%Y/%m/", max_length=255, blank=True)
    created_by = TenantForeignKey(
        "accounts.User",
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("by"),
    )
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects: ClassVar[Any] = BulkJobManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("bulk job")
        verbose_name_plural = _("exports and bulk changes")
        constraints = [
            tenant_key("accounts_bulkjob"),
            models.UniqueConstraint(fields=["created_by", "key"], name="accounts_bulkjob_once"),
        ]
        indexes = [
            models.Index(F("created_by"), F("id").desc(), name="accounts_bulkjob_of_user"),
            models.Index(
                fields=["updated_at"],
                condition=Q(status__in=("waiting", "running")),
                name="accounts_bulkjob_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_pending(self) -> bool:
        """Whether it is still to be done, or being done."""
        return self.status in (self.Status.WAITING, self.Status.RUNNING)


class BulkChunk(TenantModel):
    """Some of the rows that a job is about, done in one transaction."""

    tenant = proved_tenant()  # by the job
    job = TenantForeignKey(BulkJob, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField()
    ids = ArrayField(models.BigIntegerField())

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="accounts_bulkchunk_once")
        ]

    def __str__(self) -> str:
        return f"{self.job_id}:{self.number}"

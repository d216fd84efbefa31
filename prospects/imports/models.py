from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey, proved_tenant, tenant_key
from core.models import TenantModel
from prospects.imports.querysets import ImportJobManager


class ImportJob(TenantModel):
    """A file of prospects as a plan: every row has its verdict before anything is written."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("Columns to choose")
        PLANNING = "planning", _("Being read")
        PLANNED = "planned", _("Ready to apply")
        QUEUED = "queued", _("Waiting")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Failed")

    file_name = models.CharField(_("file"), max_length=255)
    # The uploaded file until it has been read.
    upload = models.FileField(upload_to="imports/%Y/%m/", max_length=255, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PLANNING
    )
    # The file's columns in their order, and the field that each one fills.
    columns = models.JSONField(default=list)
    mapping = models.JSONField(_("columns"), default=dict)
    constants = models.JSONField(_("set for every row"), default=dict)
    is_update = models.BooleanField(_("update cards with the same external id"), default=False)
    creates_users = models.BooleanField(_("create unknown owners"), default=False)
    # What apply adds for the rows to refer to, under ids that are reserved for it:
    # {field: [[id, name], …]}, the field being a catalogue's or `owner`.
    new_entries = models.JSONField(_("added to the lists"), default=dict)
    counts = models.JSONField(_("rows by verdict"), default=dict)
    rows_read = models.PositiveIntegerField(_("rows"), default=0)
    rows_applied = models.PositiveIntegerField(_("rows applied"), default=0)
    # Rows up to this line of the file are done; a worker that dies leaves it where it was.
    applied_to_line = models.PositiveIntegerField(default=0)
    undone_to_line = models.PositiveIntegerField(db_default=0)
    rows_undone = models.PositiveIntegerField(_("rows undone"), db_default=0)
    rows_spared = models.PositiveIntegerField(_("rows spared by undoing"), db_default=0)
    message = models.CharField(_("message"), max_length=500, blank=True)
    created_by = TenantForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects: ClassVar[Any] = ImportJobManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [tenant_key("prospects_importjob")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.file_name}"

    @property
    def may_undo(self) -> bool:
        """Whether it has written something that can be taken back."""
        is_broken_off = self.status == self.Status.FAILED and self.applied_to_line > 0
        return self.status == self.Status.APPLIED or is_broken_off


class ImportRow(TenantModel):
    """One row of a file, what will happen (or happened) to it, and why."""

    class Verdict(models.TextChoices):
        CREATE = "create", _("Create")
        UPDATE = "update", _("Update")
        UNCHANGED = "unchanged", _("Nothing to change")
        DUPLICATE = "duplicate", _("Duplicate")
        ERROR = "error", _("Error")

    class Spared(models.TextChoices):
        """Why undoing an import left a row's card as it is."""

        EDITED = "edited", _("Somebody has worked on it since")
        GONE = "gone", _("Deleted since")
        TAKEN = "taken", _("Its email, phone or id belongs to another by now")

    tenant = proved_tenant()  # by the job
    job = TenantForeignKey(
        "prospects.ImportJob", on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    line = models.PositiveIntegerField(_("line"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    code = models.CharField(_("code"), max_length=30, blank=True)
    message = models.CharField(_("reason"), max_length=300, blank=True)
    # What the file says, cell by cell, for the rejected file and the preview.
    cells = models.JSONField(_("cells"), default=dict)
    # Columns of the card to write, normalised: all of a new one, the changed ones of an update.
    values = models.JSONField(default=dict)
    # The card's id. Of a new card it is reserved with the plan, so that applying it need not write
    # the row again: no foreign key, the card comes later.
    prospect_id = models.BigIntegerField(_("prospect"), null=True)
    # What stood in the columns of `values` before an update was applied.
    before = models.JSONField(null=True)
    spared = models.CharField(
        _("not undone"), max_length=8, choices=Spared.choices, blank=True, db_default=""
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("import row")
        verbose_name_plural = _("import rows")
        constraints = [
            models.UniqueConstraint(fields=["job", "line"], name="prospects_importrow_line_unique")
        ]
        indexes = [
            models.Index(fields=["job", "verdict", "line"], name="prospects_importrow_verdict"),
            models.Index(
                fields=["job", "line"],
                condition=models.Q(spared__gt=""),
                name="prospects_importrow_spared",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}:{self.line} {self.verdict}"

    def is_written(self, job: ImportJob) -> bool:
        """Whether what the row says has been done."""
        is_writing = self.verdict in (self.Verdict.CREATE, self.Verdict.UPDATE)
        return is_writing and self.line <= job.applied_to_line

    def known_card_id(self, job: ImportJob) -> int | None:
        """The id of the row's card once there is one."""
        is_to_come = self.verdict == self.Verdict.CREATE and not self.is_written(job)
        return None if is_to_come else self.prospect_id


class ImportMapping(TenantModel):
    """What a tenant's files mean by a column: remembered from the last file that had it."""

    column = models.CharField(max_length=200)  # case-folded
    field = models.CharField(max_length=40, blank=True)  # empty: not imported

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "column"], name="prospects_importmapping_column_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.column} → {self.field}"

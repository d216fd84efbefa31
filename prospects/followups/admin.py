from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from core.back_office import BackOfficeAdmin, OfCardMixin
from core.back_office_filters import DayRangeFilter
from core.errors import DomainError
from prospects.followups.models import FollowUpNote
from prospects.followups.scheduling import reschedule_note


@admin.register(FollowUpNote)
class FollowUpNoteAdmin(OfCardMixin, BackOfficeAdmin):
    """What was done and said, over all cards; what comes next can be moved and settled."""

    list_display = (
        "created_at",
        "action",
        "beginning",
        "prospect",
        "scheduled_at",
        "done_at",
        "created_by",
    )
    list_filter = (
        "action",
        ("created_by", RelatedDropdownFilter),
        ("created_at", DayRangeFilter),
        ("scheduled_at", DayRangeFilter),
    )
    list_select_related = ("prospect", "created_by")
    ordering = ("-pk",)
    actions = ("settle",)
    written = ("prospect", "contact", "action", "note", "category", "created_by", "created_at")
    fields = (*written, "scheduled_at", "done_at")

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: FollowUpNote | None = None) -> bool:
        is_of_a_card = obj is None or obj.prospect_id is not None
        return is_of_a_card and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return self.written

    def save_model(self, request: Any, obj: FollowUpNote, form: Any, change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        if changes:
            _reschedule(request, obj, changes)

    @admin.action(description=_("Mark as done"), permissions=["change"])
    def settle(self, request: Any, notes: Any) -> None:
        at, done = timezone.now(), 0
        for note in notes.filter(done_at__isnull=True, prospect__isnull=False).order_by("pk"):
            try:
                _reschedule(request, note, {"done_at": at})
                done += 1
            except DomainError as refusal:
                messages.error(request, f"{note}: {refusal.message}")
        text = ngettext("%d note is settled.", "%d notes are settled.", done) % done
        messages.success(request, text)

    @display(description=_("note"))
    def beginning(self, note: FollowUpNote) -> str:
        return Truncator(note.note).chars(80)


def _reschedule(request: Any, note: Any, changes: dict[str, Any]) -> None:
    reschedule_note(
        note_id=note.pk,
        prospect_id=note.prospect_id,
        changes=changes,
        at=timezone.now(),
        seen_by=request.user,
    )

from __future__ import annotations

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from core.back_office import OfCardMixin, ReadOnlyAdmin
from core.back_office_filters import DayRangeFilter
from prospects.followups.models import FollowUpNote


@admin.register(FollowUpNote)
class FollowUpNoteAdmin(OfCardMixin, ReadOnlyAdmin):
    """What was done and said, over all cards."""

    list_display = ("created_at", "action", "beginning", "prospect", "scheduled_at", "created_by")
    list_filter = (
        "action",
        ("created_by", RelatedDropdownFilter),
        ("created_at", DayRangeFilter),
        ("scheduled_at", DayRangeFilter),
    )
    list_select_related = ("prospect", "created_by")
    ordering = ("-created_at", "-pk")
    fields = (
        "prospect",
        "contact",
        "action",
        "note",
        "category",
        "scheduled_at",
        "done_at",
        "created_by",
        "created_at",
    )

    @display(description=_("note"))
    def beginning(self, note: FollowUpNote) -> str:
        return Truncator(note.note).chars(80)

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from clients.merging.admin_rows import label_of_field, moved_rows
from clients.merging.models import CardMerge
from clients.merging.undoing import Unmerged, unmerge
from clients.merging.values import names_of
from core.back_office import ReadOnlyAdmin, show_refusal
from core.errors import DomainError
from core.rights import ALL_PROSPECTS, CHANGE_PROSPECT
from prospects.cards.admin import only_looks
from prospects.pipeline.models import Prospect


@admin.register(CardMerge)
class CardMergeAdmin(ReadOnlyAdmin):
    """The cards that went into others, the latest first; each can be taken back."""

    list_display = ("shown_merged", "shown_survivor", "by", "created_at", "undone_at")
    list_display_links = ("shown_merged",)
    list_select_related = ("survivor", "merged", "by")
    ordering = ("-pk",)
    fields = (
        *("link_to_survivor", "shown_merged", "by", "created_at", "shown_values", "shown_moved"),
        *("undone_at", "undone_by"),
    )
    actions_detail = ("undo",)

    def get_queryset(self, request: Any) -> Any:
        merges = super().get_queryset(request)
        if request.user.has_perm(ALL_PROSPECTS):
            return merges
        return merges.filter(survivor__in=Prospect.objects.visible_to(request.user))

    def has_undo_permission(self, request: Any, object_id: Any = None) -> bool:
        merge = self.get_object(request, str(object_id))
        return (
            request.user.has_perm(CHANGE_PROSPECT)
            and merge is not None
            and merge.undone_at is None
            and not only_looks(request, merge.survivor_id)
        )

    @action(description=_("Undo"), url_path="undo", icon="undo", permissions=["undo"])
    def undo(self, request: Any, object_id: str) -> HttpResponse:
        merge = self.get_object(request, object_id)
        if merge is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = forms.Form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                done = self._take_back(request, merge)
            except DomainError as refusal:
                show_refusal(form, refusal)
            else:
                self._tell(request, done)
                card = reverse("admin:prospects_prospect_change", args=(merge.merged_id,))
                return redirect(card)
        intro = _("What moved goes back, and so do the values that nobody has changed since.")
        back = reverse("admin:clients_cardmerge_change", args=(merge.pk,))
        verb = _("Undo the merge")
        return self.form_page(
            request, form, title=self._in_words(merge), intro=intro, verb=verb, back=back
        )

    @staticmethod
    def _take_back(request: Any, merge: CardMerge) -> Unmerged:
        return unmerge(
            prospect_id=merge.survivor_id,
            merge_id=merge.pk,
            by=request.user,
            at=timezone.now(),
            seen_by=request.user,
        )

    @staticmethod
    def _tell(request: Any, done: Unmerged) -> None:
        messages.success(request, _("The merge is undone."))
        if done.kept_fields:
            labels = ", ".join(label_of_field(name) for name in done.kept_fields)
            messages.warning(request, _("Changed since, so left as they are: %s") % labels)
        if done.kept_rows:
            text = _("%d rows were hung elsewhere since and stay there.")
            messages.warning(request, text % sum(done.kept_rows.values()))

    @staticmethod
    def _in_words(merge: CardMerge) -> str:
        return f"{merge.merged} → {merge.survivor}"

    # Columns ---------------------------------------------------------------------------------
    @display(description=_("went into it"))
    def shown_merged(self, merge: CardMerge) -> str:
        return f"{merge.merged} (#{merge.merged_id})"

    @display(description=_("stayed"))
    def shown_survivor(self, merge: CardMerge) -> str:
        return f"{merge.survivor} (#{merge.survivor_id})"

    @display(description=_("stayed"))
    def link_to_survivor(self, merge: CardMerge) -> Any:
        path = reverse("admin:prospects_prospect_change", args=(merge.survivor_id,))
        return format_html('<a class="text-primary-600" href="{}">{}</a>', path, merge.survivor)

    @display(description=_("changed values"))
    def shown_values(self, merge: CardMerge) -> str:
        changed = [column for column, (old, new) in merge.values.items() if old != new]
        return ", ".join(label_of_field(name) for name in names_of(changed)) or "-"

    @display(description=_("what moved"))
    def shown_moved(self, merge: CardMerge) -> Any:
        moved = dict(merge.moved.values_list("relation", "row_ids"))
        return format_html_join(", ", "{}: {}", moved_rows(moved)) or "-"

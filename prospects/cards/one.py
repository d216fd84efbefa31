"""Quick actions on a card's page in the back office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from core.back_office import show_refusal
from core.errors import DomainError
from prospects.cards.many import CategoryChoiceForm
from prospects.cards.story import PARTS
from prospects.followups.forms import NoteForm
from prospects.followups.models import FollowUpNote
from prospects.followups.services import add_note
from prospects.pipeline.models import Prospect
from prospects.pipeline.services import edit_prospect

MORNING = time(10)  # when the next contact is proposed


class OneCard:
    """Mixed into the admin of cards: what is done from a card's page with one click."""

    opts: Any
    get_object: Any
    form_page: Any
    admin_site: Any
    has_view_permission: Any
    has_change_permission: Any
    past_context: Any
    _get_obj_does_not_exist_redirect: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.part_view)
        return [
            path("<id:pk>/part/<str:name>/", view, name="prospects_prospect_part"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def part_view(self, request: Any, pk: int, name: str) -> HttpResponse:
        """One tab of a card's page, asked for when it is looked at."""
        card = self.get_object(request, str(pk))
        if card is None or name not in PARTS or not self.has_view_permission(request, card):
            raise Http404
        may_change = self.has_change_permission(request, card)
        shown = {"original": card, "has_change_permission": may_change, "opts": self.opts}
        shown |= {**self.past_context(request, card), **PARTS[name](card, request.user)}
        return TemplateResponse(request, f"prospects/card_{name}.html", shown)

    @action(
        description=_("Log a call or a note"),
        url_path="log-contact",
        icon="add_call",
        permissions=["log_contact"],
    )
    def log_contact(self, request: Any, object_id: str) -> HttpResponse:
        form = NoteForm(request.POST or None, initial={"action": FollowUpNote.Action.CALL})
        return self._note_page(request, object_id, form)

    @action(
        description=_("Schedule the next contact"),
        url_path="next-contact",
        icon="event",
        permissions=["log_contact"],
    )
    def plan_contact(self, request: Any, object_id: str) -> HttpResponse:
        tomorrow = timezone.localdate() + timedelta(days=1)
        initial = {
            "action": FollowUpNote.Action.OTHER,
            "note": _("Next contact"),
            "scheduled_at": timezone.make_aware(datetime.combine(tomorrow, MORNING)),
        }
        form = NoteForm(request.POST or None, initial=initial)
        form.fields["scheduled_at"].required = True
        form.order_fields(["scheduled_at", "action", "note", "category"])
        return self._note_page(request, object_id, form)

    @action(
        description=_("Move to a category"),
        url_path="move",
        icon="move_down",
        permissions=["log_contact"],
    )
    def move_card(self, request: Any, object_id: str) -> HttpResponse:
        def move(card: Prospect, given: dict[str, Any]) -> None:
            edit_prospect(
                prospect_id=card.pk,
                changes={"category_id": given["category"].pk},
                at=timezone.now(),
                seen_by=request.user,
            )

        form = CategoryChoiceForm(request.POST or None)
        return self._card_page(request, object_id, form, move, done=_("The card is moved."))

    def _note_page(self, request: Any, object_id: str, form: NoteForm) -> HttpResponse:
        def write(card: Prospect, given: dict[str, Any]) -> None:
            write_note(request, card, given)

        return self._card_page(request, object_id, form, write, done=_("The note is written."))

    def _card_page(
        self,
        request: Any,
        object_id: str,
        form: forms.Form,
        do: Callable[[Prospect, dict[str, Any]], None],
        *,
        done: Any,
    ) -> HttpResponse:
        """Ask what to do with a card, do it, and go back to the card."""
        card = self.get_object(request, object_id)
        if card is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        back = reverse("admin:prospects_prospect_change", args=(card.pk,))
        if "category" in form.fields and form.fields["category"].required:
            form.initial.setdefault("category", card.category_id)
        if request.method == "POST" and form.is_valid():
            try:
                do(card, form.cleaned_data)
            except DomainError as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, str(done))
                return redirect(back)
        return self.form_page(request, form, title=str(card), back=back)


@transaction.atomic
def write_note(request: Any, card: Prospect, given: dict[str, Any]) -> None:
    """Write what a NoteForm was given about a card that whoever asks may change.

    Raises DomainError.
    """
    category = given["category"]
    add_note(
        prospect_id=card.pk,
        note=given["note"],
        action=given["action"],
        category_id=category.pk if category else None,
        scheduled_at=given["scheduled_at"],
        by=request.user,
        at=timezone.now(),
        seen_by=request.user,
    )

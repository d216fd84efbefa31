"""Quick actions on a card's page in the back office."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from core.back_office_one import OneRow
from prospects.cards.many import CategoryChoiceForm
from prospects.cards.story import PARTS
from prospects.followups.forms import NoteForm
from prospects.followups.models import FollowUpNote
from prospects.followups.services import add_note
from prospects.pipeline.models import Prospect
from prospects.pipeline.services import edit_prospect

MORNING = time(10)  # when the next contact is proposed


class OneCard(OneRow):
    """Mixed into the admin of cards: what is done from a card's page with one click."""

    admin_site: Any
    has_view_permission: Any
    past_context: Any

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
        def form_of(data: Any, card: Prospect) -> NoteForm:
            return NoteForm(data, initial={"action": FollowUpNote.Action.CALL})

        return self._note_page(request, object_id, _("Log a call or a note"), form_of=form_of)

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

        def form_of(data: Any, card: Prospect) -> NoteForm:
            form = NoteForm(data, initial=initial)
            form.fields["scheduled_at"].required = True
            form.order_fields(["scheduled_at", "action", "note", "category"])
            return form

        verb = _("Schedule the next contact")
        return self._note_page(request, object_id, verb, form_of=form_of)

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

        def form_of(data: Any, card: Prospect) -> CategoryChoiceForm:
            return CategoryChoiceForm(data, initial={"category": card.category_id})

        verb, done = _("Move to a category"), _("The card is moved.")
        return self.confirm(request, object_id, move, verb=verb, done=done, form_of=form_of)

    def _note_page(self, request: Any, object_id: str, verb: Any, **asked: Any) -> HttpResponse:
        def write(card: Prospect, given: dict[str, Any]) -> None:
            write_note(request, card, given)

        done = _("The note is written.")
        return self.confirm(request, object_id, write, verb=verb, done=done, **asked)


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

"""The board of a pipeline in the back office: as the API's, to be worked with."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.users.models import User
from core.back_office_board import Board, Card, Column, Mark, Move, Picker, day_text, money
from core.errors import DomainError, NotFound
from core.rights import ALL_PROSPECTS
from core.tallies import CARDS, DEALS, NAMES, PEOPLE
from prospects.contacts.models import Contact
from prospects.pipeline.searching import search_pattern
from sales.activities.models import Activity
from sales.deal_board.forms import DealMoveForm, read_given
from sales.deals.board import read_board
from sales.deals.models import Deal, StageStay
from sales.deals.querysets import CHANGE_DEAL
from sales.deals.ranking import TOP
from sales.deals.rows import deal_rows
from sales.deals.services import edit_deal
from sales.deals.steps import CLOSINGS, STEPS, closing_condition, step_condition
from sales.pipelines.models import Pipeline, Stage

ME = "me"
Row = dict[str, Any]


class DealBoard(Board):
    """The deals of a pipeline by stage; the default pipeline unless another is asked for."""

    name = "sales_board"
    title = gettext_lazy("Board of deals")
    view_right = "sales.view_deal"
    change_right = CHANGE_DEAL
    list_name = "sales_deal"
    search_label = gettext_lazy("Name of the deal")
    watched = (DEALS, PEOPLE, CARDS, NAMES)
    is_ranked = True
    dialogs = "sales/board_dialogs.html"

    # How it is narrowed ----------------------------------------------------------------------
    def read_filters(self) -> None:
        asked = {name for name, value in self.query.items() if value.strip()}
        self.owner = self.pick("owner", self.owners, _("Owner")) if "owner" in asked else ""
        pipeline = "pipeline" in asked and self.pick("pipeline", self.pipelines, _("Pipeline"))
        self.pipeline = int(pipeline) if pipeline else None
        self.step = self.pick("step", STEPS, _("Next step"))
        self.closing = self.pick("closing", CLOSINGS, _("Closing"))

    @cached_property
    def owners(self) -> list[tuple[str, Any]]:
        """Whose deals one may ask for: looked up only where they are shown or asked for."""
        mine = [] if self.user.is_superuser else [(ME, _("Mine"))]
        if not self.user.has_perm(ALL_PROSPECTS):
            return mine
        people = User.objects.filter(is_active=True, is_superuser=False).order_by("name", "pk")
        return mine + [(str(pk), name) for pk, name in people.values_list("pk", "name")]

    @cached_property
    def pipelines(self) -> list[tuple[str, str]]:
        """The pipelines to choose from, the default one first."""
        found = Pipeline.objects.order_by("-is_default", "position", "pk")
        return [(str(pk), name) for pk, name in found.values_list("pk", "name")]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.owner or self.step or self.closing)

    @property
    def _owner_id(self) -> int:
        return int(self.user.pk if self.owner == ME else self.owner)

    @property
    def _chosen(self) -> str:
        """The pipeline that is shown; the first one is the default."""
        return str(self.pipeline or next((pk for pk, _name in self.pipelines), ""))

    def _deals(self) -> Any:
        """The deals that count."""
        deals = Deal.objects.visible_to(self.user)
        if self.owner:
            deals = deals.filter(owner=self._owner_id)
        if self.step:
            deals = deals.filter(step_condition(self.step, at=self.now))
        if self.closing:
            deals = deals.filter(closing_condition(self.closing, today=self.today))
        has_words = search_pattern(self.search) is not None  # else the list shows all, too
        return deals.search(self.search) if has_words else deals

    def pickers(self) -> list[Picker]:
        all_ = ("", _("All"))
        return [
            Picker("pipeline", _("Pipeline"), self.pipelines, self._chosen),
            Picker("owner", _("Owner"), [("", _("Everybody")), *self.owners], self.owner),
            Picker("step", _("Next step"), [all_, *STEPS], self.step),
            Picker("closing", _("Closing"), [all_, *CLOSINGS], self.closing),
        ]

    def rows_query(self) -> dict[str, Any]:
        asked = {
            "pipeline__id__exact": self._chosen,
            "owner__id__exact": self._owner_id if self.owner else "",
            "step": self.step,
            "closing": self.closing,
            "q": self.search,
        }
        return {name: value for name, value in asked.items() if value}

    # What it shows ---------------------------------------------------------------------------
    def columns(self, length: int) -> list[Column]:
        only = self._deals() if self.is_narrowed else None
        try:
            found = read_board(self.user, pipeline_id=self.pipeline, most=length, only=only)
        except NotFound:  # no pipeline at all
            return []
        rows = [row for stage in found["stages"] for row in stage["deals"]]
        cards = self._cards(rows)
        return [self._column(stage, cards) for stage in found["stages"]]

    def cards(self, ids: Collection[int]) -> list[Card]:
        if not ids:
            return []
        found = deal_rows(self._deals().filter(pk__in=ids).order_by("rank"))
        return list(self._cards(list(found)).values())

    def _column(self, stage: Row, cards: dict[int, Card]) -> Column:
        kind = stage["type"]
        return Column(
            pk=stage["id"],
            name=stage["name"],
            color=stage["color"],
            count=stage["count"],
            sums=[money(each["amount"], each["currency"]) for each in stage["totals"]],
            rows=self.rows_link(stage__id__exact=stage["id"]),
            cards=[cards[row["id"]] for row in stage["deals"]],
            asks=kind if kind in (Stage.Kind.WON, Stage.Kind.LOST) else "",
        )

    def _cards(self, rows: list[Row]) -> dict[int, Card]:
        ids = [row["id"] for row in rows]
        more, people = self._more(ids), self._people(ids)
        return {
            row["id"]: Card(
                pk=row["id"],
                column=row["stage_id"],
                title=row["name"],
                page=reverse("admin:sales_deal_change", args=(row["id"],)),
                details=people.get(row["id"], ()),
                value=money(row["amount"], row["currency"]),
                marks=self._marks(row, more.get(row["id"], {})),
                owner=row["owner_name"] or "",
                given={"amount": f"{row['amount']:.2f}", "lost_reason": row["lost_reason"]},
                is_movable=more.get(row["id"], {}).get("is_changeable", False),
            )
            for row in rows
        }

    def _people(self, ids: Collection[int]) -> dict[int, list[str]]:
        """The first person of each deal whom the user sees, with their company."""
        seen = Contact.objects.visible_to(self.user, are_few=True).filter(deals__deal__in=ids)
        found: dict[int, list[str]] = {}
        columns = ("deals__deal", "first_name", "last_name", "prospect__company_name")
        for deal, first, last, company in seen.order_by("deals__pk").values_list(*columns):
            person = f"{first} {last}".strip()
            found.setdefault(deal, [each for each in (company, person) if each])
        return found

    def _more(self, ids: Collection[int]) -> dict[int, Row]:
        """What is to be done next about each deal, and whether the user may move it: not one that
        they see by a card shared for looking only. Whoever sees a deal sees its activities."""
        waiting = Activity.objects.filter(deal=OuterRef("pk"), status=Activity.Status.PENDING)
        first = waiting.order_by(F("due_at").asc(nulls_last=True), "pk")
        mine = Deal.objects.changeable_by(self.user)
        changes_all = self.user.has_perms((ALL_PROSPECTS, CHANGE_DEAL))
        found = Deal.objects.filter(pk__in=ids).values(
            "pk",
            subject=Subquery(first.values("subject")[:1]),
            due_at=Subquery(first.values("due_at")[:1]),
            is_changeable=Value(True) if changes_all else _is_among(mine),
        )
        return {row["pk"]: row for row in found}

    def _marks(self, row: Row, step: Row) -> list[Mark]:
        if row["status"] != Deal.Status.OPEN:
            reason = row["lost_reason"]
            closed = Mark("flag", day_text(row["closed_at"], self.today))
            return [closed, Mark("comment", reason)] if reason else [closed]
        closes = row["expected_close_date"]
        marks = [self._step(step)]
        if closes:
            text = _("Closes %(day)s") % {"day": day_text(closes, self.today)}
            marks.append(Mark("event_available", text, is_late=closes < self.today))
        return marks

    def _step(self, step: Row) -> Mark:
        if step.get("subject") is None:
            return Mark("event_busy", _("No next step"))
        if step["due_at"] is None:
            return Mark("task_alt", step["subject"])
        text = f"{step['subject']} · {day_text(step['due_at'], self.today)}"
        return Mark("task_alt", text, is_late=step["due_at"] < self.now)

    # How a deal is moved ---------------------------------------------------------------------
    def move(self, move: Move) -> None:
        edit_deal(
            deal_id=move.pk,
            values=read_given(move.given),
            stage_id=move.column,
            position=TOP,
            below_id=move.below,
            known_stage_id=move.known,
            by=self.user,
            at=self.now,
        )

    def move_form(self, pk: int, data: Any) -> tuple[str, forms.Form]:
        deal = Deal.objects.visible_to(self.user).filter(pk=pk).first()
        if deal is None:
            raise NotFound("There is no such deal.")
        stages = Stage.objects.filter(pipeline=deal.pipeline_id).in_order()
        places = [(each.pk, str(each)) for each in stages]
        initial = {"column": deal.stage_id, "amount": deal.amount, "lost_reason": deal.lost_reason}
        return str(deal), DealMoveForm(data, places=places, initial=initial)

    def where_now(self, pk: int) -> tuple[str, str]:
        stay = StageStay.objects.filter(deal=pk, left_at=None)
        where, who = stay.values_list("stage_name", "moved_by__name").get()
        return where, who or ""

    def worded(self, refusal: DomainError, pk: int) -> str:
        texts = {
            "stage_id": _("there is no such stage in its pipeline any more."),
            "lost_reason": _("only a lost deal has a reason of its loss."),
        }
        named = [text for name, text in texts.items() if name in (refusal.fields or {})]
        return named[0] if named else super().worded(refusal, pk)


def _is_among(deals: Any) -> ExpressionWrapper:
    return ExpressionWrapper(Q(pk__in=deals.values("pk")), output_field=BooleanField())

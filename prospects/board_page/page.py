"""The board of prospects in the back office: as the API's, to be worked with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.tenants.currency import own_currency
from accounts.users.models import User
from core.back_office_board import Board, Card, Column, Mark, Move, Picker, day_text, money
from core.back_office_board_form import ColumnForm
from core.back_office_filters import midnight
from core.errors import NotFound
from core.rights import ALL_PROSPECTS, CHANGE_PROSPECT
from core.tallies import CARDS, NAMES
from prospects.board import figures
from prospects.board.querysets import Filters, cards_for, order_of
from prospects.board.rows import Clock, read_columns, read_page
from prospects.board_page.steps import STEPS, step_condition
from prospects.counts.models import CardCount
from prospects.pipeline.models import FollowUpCategory, Prospect
from prospects.pipeline.moves import move_card
from prospects.pipeline.querysets import changes_all
from prospects.pipeline.searching import search_pattern

TYPES = tuple((str(value), label) for value, label in Prospect.Type.choices)
DAYS = (("7", gettext_lazy("Last 7 days")), ("30", gettext_lazy("Last 30 days")))
ME = "me"
NEWEST = order_of(None, None)
# What a card shows beside the columns of the API's board.
MORE = ("pk", "next_contact_at", "locale__currency")


class ProspectBoard(Board):
    """Cards by follow-up category. Without a type: prospects and clients, as on the API's board."""

    name = "prospects_board"
    title = gettext_lazy("Board of prospects")
    view_right = "prospects.view_prospect"
    change_right = CHANGE_PROSPECT
    list_name = "prospects_prospect"
    search_label = gettext_lazy("Company, person, email or phone")
    watched = (CARDS, NAMES)

    # How it is narrowed ----------------------------------------------------------------------
    def read_filters(self) -> None:
        is_asked = bool(self.query.get("owner", "").strip())
        self.owner = self.pick("owner", self.owners, _("Owner")) if is_asked else ""
        self.type = self.pick("type", TYPES, _("Type"))
        self.step = self.pick("step", STEPS, _("Next step"))
        self.created = self.pick("created", DAYS, _("Created"))
        self.filters = Filters(
            source="partner" if self.type == "3" else "company", conditions=list(self._conditions())
        )

    @cached_property
    def owners(self) -> list[tuple[str, Any]]:
        """Whose cards one may ask for: looked up only where they are shown or asked for."""
        mine = [] if self.user.is_superuser else [(ME, _("Mine"))]
        if not self.user.has_perm(ALL_PROSPECTS):
            return mine
        people = User.objects.filter(is_active=True, is_superuser=False).order_by("name", "pk")
        return mine + [(str(pk), name) for pk, name in people.values_list("pk", "name")]

    def _conditions(self) -> Any:
        if self.owner:
            yield Q(owner=self._owner_id)
        if self.type in ("1", "2"):
            yield Q(type=int(self.type))
        if self.step:
            yield step_condition(self.step, at=self.now, today=self.today)
        if self.created:
            yield Q(created_at__gte=midnight(self._since))
        pattern = search_pattern(self.search)
        if pattern:
            yield Q(search_text__like=pattern)

    @property
    def _owner_id(self) -> int:
        return int(self.user.pk if self.owner == ME else self.owner)

    @property
    def _since(self) -> date:
        return self.today - timedelta(days=int(self.created))

    def pickers(self) -> list[Picker]:
        anyone, any_ = ("", _("Everybody")), ("", _("All"))
        return [
            Picker("owner", _("Owner"), [anyone, *self.owners], self.owner),
            Picker("type", _("Type"), [("", _("Prospects and clients")), *TYPES], self.type),
            Picker("step", _("Next step"), [any_, *STEPS], self.step),
            Picker("created", _("Created"), [any_, *DAYS], self.created),
        ]

    def rows_query(self) -> dict[str, Any]:
        asked = {
            "owner__id__exact": self._owner_id if self.owner else "",
            "type__exact": self.type,
            "type__in": "" if self.type else "1,2",
            "step": self.step,
            "created_at_from": self._since.isoformat() if self.created else "",
            "q": self.search,
        }
        return {name: value for name, value in asked.items() if value}

    # What it shows ---------------------------------------------------------------------------
    def columns(self, length: int) -> list[Column]:
        found = read_columns(
            cards_for(self.user, self.filters).order_by(*NEWEST),
            category_ids=None,
            start=0,
            length=length,
            clock=self._clock,
            is_report=False,
        )
        cards = self._cards([record for column in found for record in column["records"]])
        sums = {each["category_id"]: each for each in self._sums()}
        return [self._column(each, sums.get(each["id"]), cards) for each in found]

    def cards(self, ids: Collection[int]) -> list[Card]:
        if not ids:
            return []
        found = cards_for(self.user, self.filters).filter(pk__in=ids).order_by(*NEWEST)
        records = read_page(found, start=0, length=len(ids), clock=self._clock)
        return list(self._cards(records).values())

    @cached_property
    def _clock(self) -> Clock:
        return Clock(at=self.now, zone=timezone.get_current_timezone())

    @cached_property
    def _currency(self) -> str:
        tenant = self.user.tenant
        return tenant.currency if tenant else own_currency()

    def _sums(self) -> list[dict[str, Any]]:
        """Count and value of each category: the API's figures, from the kept counts if they do."""
        only_type = len(self.filters.conditions) == bool(self.type in ("1", "2"))
        if only_type and self.user.has_perm(ALL_PROSPECTS):
            counts = CardCount.objects.of_source(self.filters.source)
            counts = counts.filter(type=int(self.type)) if self.type else counts
            return figures.kpis(figures.kept(counts), default_currency=self._currency)
        found = figures.counted(cards_for(self.user, self.filters))
        return figures.kpis(found, default_currency=self._currency)

    def _column(
        self, column: dict[str, Any], sums: dict[str, Any] | None, cards: dict[int, Card]
    ) -> Column:
        by_currency = sums["by_currency"] if sums else {}
        return Column(
            pk=column["id"],
            name=column["label"] or column["name"],
            color=column["color"],
            count=sums["count"] if sums else 0,
            sums=[money(value, name) for name, value in by_currency.items() if value],
            rows=self.rows_link(category__id__exact=column["id"]),
            cards=[cards[record["id"]] for record in column["records"]],
        )

    def _cards(self, records: list[dict[str, Any]]) -> dict[int, Card]:
        ids = [record["id"] for record in records]
        more = {row["pk"]: row for row in Prospect.objects.filter(pk__in=ids).values(*MORE)}
        changeable = self._changeable(ids)
        return {
            record["id"]: self._card(record, more.get(record["id"], {}), changeable)
            for record in records
        }

    def _changeable(self, ids: Collection[int]) -> Collection[int]:
        """Those that the user may move: not what is shared with them for looking only."""
        if changes_all(self.user) or not self.may_move:
            return ids
        mine = Prospect.objects.changeable_by(self.user).filter(pk__in=ids)
        return set(mine.values_list("pk", flat=True))

    def _card(
        self, record: dict[str, Any], more: dict[str, Any], changeable: Collection[int]
    ) -> Card:
        pk, value = record["id"], record["account_value"]
        currency = more.get("locale__currency") or self._currency
        names = [record["company_name"], record["name"], record["email"]]
        title, *others = [name for name in names if name] or [f"#{pk}"]
        kind = str(Prospect.Type(record["type"]).label) if record["type"] != 1 else ""
        return Card(
            pk=pk,
            column=record["follow_up_id"],
            title=title,
            page=reverse("admin:prospects_prospect_change", args=(pk,)),
            details=[each for each in (*others[:1], kind) if each],
            value="" if value is None else money(value, currency),
            marks=[self._mark(more.get("next_contact_at"))],
            owner=record["salesman_name"] or "",
            is_movable=pk in changeable,
        )

    def _mark(self, next_at: datetime | None) -> Mark:
        if next_at is None:
            return Mark("event_busy", _("No next step"))
        return Mark("event", day_text(next_at, self.today), is_late=next_at < self.now)

    # How a card is moved ---------------------------------------------------------------------
    def move(self, move: Move) -> None:
        move_card(
            prospect_id=move.pk,
            category_id=move.column,
            known_id=move.known,
            seen_by=self.user,
            at=self.now,
        )

    def move_form(self, pk: int, data: Any) -> tuple[str, forms.Form]:
        card = Prospect.objects.visible_to(self.user).filter(pk=pk).first()
        if card is None:
            raise NotFound("There is no such prospect.")
        places = [(each.pk, str(each)) for each in FollowUpCategory.objects.in_order()]
        return str(card), ColumnForm(data, places=places, initial={"column": card.category_id})

    def where_now(self, pk: int) -> tuple[str, str]:
        card = Prospect.all_objects.select_related("category").get(pk=pk)
        events: Any = apps.get_model("prospects", "ProspectEvent")
        before = events.objects.filter(pgh_obj_id=pk).exclude(category=card.category_id)
        context = before.order_by("-pgh_id").values_list("pgh_context", flat=True).first() or {}
        who = User.objects.filter(pk=context.get("user") or 0).values_list("name", flat=True)
        return str(card.category), who.first() or ""

"""Segments in the back office."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core.tenancy import tenant_scope
from sales.models import Segment
from sales.segments.membership import members
from tests.sales.segments.segments_of import people, segment, where
from tests.staff import errors_of, filled_in, make_operator, signed_in

LIST = reverse("admin:sales_segment_changelist")
ADD = reverse("admin:sales_segment_add")
PREVIEW = reverse("admin:sales_segment_preview")
LEON = where("city", "=", "León")


def change_page(made):
    return reverse("admin:sales_segment_change", args=[made["id"]])


def members_page(made):
    return reverse("admin:sales_segment_members", args=[made["id"]])


def stored(team, pk=None):
    with tenant_scope(team.tenant.pk):
        return Segment.objects.get(**({"pk": pk} if pk else {}))


def charts_of(page):
    text = re.search(r'<script id="charts"[^>]*>(.*?)</script>', page.content.decode(), re.S)
    return {chart["name"]: chart for chart in json.loads(text[1])["charts"]}


@pytest.fixture
def mona(team):
    return signed_in(team.mona.user)


class TestForm:
    def test_creates_a_dynamic_segment_of_rows(self, team, mona):
        sent = {"name": "León", "type": "dynamic", "conditions": json.dumps([LEON])}
        assert mona.post(ADD, sent).status_code == 302
        made = stored(team)
        assert (made.name, made.conditions, made.created_by) == ("León", [LEON], team.mona.user)

    def test_of_a_static_one_drops_the_rows(self, team, mona):
        sent = {"name": "Feria", "type": "static", "conditions": json.dumps([LEON])}
        answer = mona.post(ADD, sent)
        made = stored(team)
        assert made.conditions == []
        assert answer.url == members_page({"id": made.pk})  # where people are put into it

    def test_offers_every_field_with_its_operators(self, team, mona):
        text = mona.get(ADD).content.decode()
        table = json.loads(re.search(r'id="condition-table"[^>]*>(.*?)</script>', text, re.S)[1])
        fields = {field["name"]: field for field in table["fields"]}
        assert {"city", "lead_score", "last_activity_at", "custom_fields."} <= fields.keys()
        assert [team.alice.id, "Alice Sales"] in fields["owner_id"]["choices"]
        assert set(fields["city"]["operators"]) <= table["operators"].keys()

    @pytest.mark.parametrize(
        "typed",
        [
            "no json",
            "[" * 5000,
            "{}",
            json.dumps([where("city", "=", "")]),
            json.dumps([where("password", "=", "x")]),
            json.dumps([LEON] * 51),
            json.dumps([where("city", "=", "x" * 200_000)]),
        ],
    )
    def test_shows_what_was_typed_beside_what_is_wrong(self, team, mona, typed):
        page = mona.post(ADD, {"name": "León", "type": "dynamic", "conditions": typed})
        assert "conditions" in errors_of(page)
        assert page.context["adminform"].form["conditions"].value() == typed
        with tenant_scope(team.tenant.pk):
            assert not Segment.objects.exists()

    def test_tells_which_condition_is_wrong_in_spanish(self, team, mona):
        conditions = [LEON, {"any": [LEON, where("lead_score", ">", 500)]}]
        sent = {"name": "León", "type": "dynamic", "conditions": json.dumps(conditions)}
        assert "La condición 2.2 está incompleta" in mona.post(ADD, sent).content.decode()

    def test_changes_name_and_conditions_and_nothing_else(self, team, mona):
        made = segment(team, conditions=[LEON])
        page = mona.get(change_page(made))
        sent = filled_in(page, name="Bajío", conditions=json.dumps([{"any": [LEON]}]))
        assert mona.post(change_page(made), {**sent, "type": "static"}).status_code == 302
        changed = stored(team, made["id"])
        assert (changed.name, changed.type) == ("Bajío", "dynamic")
        assert changed.conditions == [{"any": [LEON]}]

    def test_shows_those_who_only_look_the_conditions_in_words(self, team):
        made = segment(team, conditions=[LEON, {"any": [where("lead_score", ">=", 5), LEON]}])
        text = unescape(signed_in(team.alice.user).get(change_page(made)).content.decode())
        assert "Ciudad es León" in text
        assert "(Puntuación es al menos 5 o Ciudad es León)" in text
        assert "data-conditions" not in text

    def test_deletes(self, team, mona):
        made = segment(team)
        url = reverse("admin:sales_segment_delete", args=[made["id"]])
        assert mona.post(url, {"post": "yes"}).status_code == 302
        with tenant_scope(team.tenant.pk):
            assert not Segment.objects.exists()

    def test_is_for_those_who_may(self, team):
        made = segment(team)
        alice = signed_in(team.alice.user)
        assert alice.get(ADD).status_code == 403
        assert alice.post(change_page(made), {"name": "x"}).status_code == 403


class TestPreview:
    def test_counts_and_names_people(self, team, mona):
        people(team.alice, Ana={"city": "leon"}, Luis={})
        answer = mona.post(PREVIEW, {"conditions": json.dumps([LEON])}).json()
        assert answer == {"count": "1 persona cumple esto", "people": ["Ana"]}

    def test_shows_only_whom_the_caller_sees(self, team):
        people(team.alice, Ana={"city": "leon"})
        bob = signed_in(team.bob.user)
        answer = bob.post(PREVIEW, {"conditions": json.dumps([LEON])}).json()
        assert answer == {"count": "0 personas cumplen esto", "people": []}

    def test_says_what_is_wrong(self, mona):
        for sent in ({"conditions": "{"}, {"conditions": '[{"any": []}]'}):
            assert set(mona.post(PREVIEW, sent).json()) == {"problem"}

    def test_asks_an_operator_for_whom(self, db):
        assert "problem" in signed_in(make_operator()).post(PREVIEW).json()


class TestList:
    def test_counts_the_page_in_few_statements(
        self, team, mona, django_assert_max_num_queries: DjangoAssertNumQueries
    ):
        people(team.alice, Ana={"city": "leon"}, Luis={})
        for name in ("uno", "dos", "tres"):
            segment(team, name=name, conditions=[LEON])
        with django_assert_max_num_queries(12):
            text = mona.get(LIST).content.decode()
        assert re.findall(r"members/\">(\d+)<", text) == ["1", "1", "1"]

    def test_is_searched_without_accents(self, team, mona):
        segment(team, name="León")
        segment(team, name="Feria")
        text = mona.get(LIST, {"q": "leon"}).content.decode()
        assert "León" in text
        assert "Feria" not in text

    def test_of_an_operator_counts_each_tenants_own(self, team, rivals):
        people(team.alice, Ana={})
        people(rivals.alice, Luis={}, Eva={})
        made, theirs = segment(team), segment(rivals)
        text = signed_in(make_operator()).get(LIST).content.decode()
        counts = dict(re.findall(r"segment/(\d+)/members/\">(\d+)<", text))
        assert (counts[str(made["id"])], counts[str(theirs["id"])]) == ("1", "2")


class TestMembersPage:
    def test_draws_and_lists_them(
        self, team, mona, django_assert_max_num_queries: DjangoAssertNumQueries
    ):
        people(
            team.alice,
            Ana={"city": "leon", "source": "Web", "lifecycle_stage": "customer"},
            Luis={"city": "León", "source": "web"},
            Eva={},
        )
        made = segment(team, conditions=[LEON])
        with django_assert_max_num_queries(12):
            page = mona.get(members_page(made))
        text = page.content.decode()
        assert [name in text for name in ("Ana", "Luis", "Eva")] == [True, True, False]
        charts = charts_of(page)
        assert charts["stages"]["series"][0]["values"] == [1, 1]
        assert charts["sources"]["series"][0]["values"] == [2]
        assert charts["months"]["series"][0]["values"] == [*[0] * 11, 2]
        assert "1 071" not in text

    def test_puts_people_in_and_takes_them_out(self, team, mona):
        known = people(team.alice, Ana={}, Luis={})
        made = segment(team, type="static")
        mona.post(members_page(made), {"people": list(known.values())})
        with tenant_scope(team.tenant.pk):
            assert members(stored(team, made["id"])).count() == 2
        mona.post(members_page(made), {"remove": known["Ana"]})
        mona.post(members_page(made), {"remove": "x"})
        with tenant_scope(team.tenant.pk):
            assert [each.pk for each in members(stored(team, made["id"]))] == [known["Luis"]]

    def test_puts_in_nobody_of_another_tenant(self, team, mona, rivals):
        theirs = people(rivals.alice, Ana={})
        made = segment(team, type="static")
        for ids in ([theirs["Ana"]], ["x"], []):
            page = mona.post(members_page(made), {"people": ids})
            assert page.status_code == 200
            assert page.context["form"].errors
        with tenant_scope(team.tenant.pk):
            assert not members(stored(team, made["id"])).exists()

    def test_of_a_dynamic_one_takes_nobody(self, team, mona):
        known = people(team.alice, Ana={})
        made = segment(team)
        for sent in ({"people": [known["Ana"]]}, {"remove": known["Ana"]}):
            assert mona.post(members_page(made), sent).status_code == 200
        assert mona.get(members_page(made)).context["page"].paginator.count == 1

    def test_is_of_the_tenants_own_segments(self, team, rivals):
        made = segment(rivals)
        assert signed_in(team.mona.user).get(members_page(made)).status_code == 404

    def test_changes_nothing_for_those_who_only_look(self, team):
        known = people(team.alice, Ana={})
        made = segment(team, type="static", contact_ids=[known["Ana"]])
        alice = signed_in(team.alice.user)
        alice.post(members_page(made), {"remove": known["Ana"]})
        page = alice.get(members_page(made))
        assert page.context["page"].paginator.count == 1
        assert page.context["form"] is None

    def test_brings_its_scripts_along(self):
        for name in ("sales/conditions.js", "sales/conditions.css", "back_office/charts.js"):
            assert finders.find(name), name

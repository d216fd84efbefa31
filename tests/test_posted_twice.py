"""Double clicks on forms of the back office."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core import back_office_twice
from core.tenancy import tenant_scope
from prospects.models import Contact, FollowUpNote, Prospect
from tests.people import Team
from tests.prospects.cards_of import card
from tests.races import at_once
from tests.staff import signed_in

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
NOTE = {"action": "call", "note": "Wants a quote"}


@pytest.fixture
def alice(team: Team) -> Client:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(team.alice.user)
    return browser


def rendered(browser: Client, path: str) -> dict[str, str]:
    """The token of one rendering of a page."""
    found = TOKEN.search(browser.get(path).content.decode())
    assert found
    return {"csrfmiddlewaretoken": found[1]}


def copy_of(browser: Client) -> Client:
    """The same browser, in another thread."""
    twin = Client(enforce_csrf_checks=True)
    twin.cookies = browser.cookies.copy()
    return twin


def notes_of(team: Team) -> int:
    with tenant_scope(team.tenant.pk):
        return FollowUpNote.objects.count()


def log_path(made: Prospect) -> str:
    return reverse("admin:prospects_prospect_log_contact", args=(made.pk,))


@pytest.mark.django_db(transaction=True)
class TestDoubleClick:
    def test_writes_one_note_and_both_go_to_the_same_page(self, alice: Client, team: Team) -> None:
        path = log_path(card(team, owner=team.alice))
        form = NOTE | rendered(alice, path)
        twins = [copy_of(alice), copy_of(alice)]
        answers = at_once(*(lambda twin=twin: twin.post(path, form) for twin in twins))
        assert [answer.status_code for answer in answers] == [302, 302]
        assert answers[0]["Location"] == answers[1]["Location"]
        assert notes_of(team) == 1

    def test_adds_one_contact(self, alice: Client, team: Team) -> None:
        path = reverse("admin:prospects_contact_add")
        form = {"first_name": "Rosa", "last_name": "Ruiz", "_save": "1"} | rendered(alice, path)
        twins = [copy_of(alice) for _ in range(4)]
        at_once(*(lambda twin=twin: twin.post(path, form) for twin in twins))
        with tenant_scope(team.tenant.pk):
            assert Contact.objects.filter(first_name="Rosa").count() == 1


class TestSecondPost:
    def test_says_what_the_first_one_said(self, alice: Client, team: Team) -> None:
        path = log_path(card(team, owner=team.alice))
        form = NOTE | rendered(alice, path)
        first = alice.post(path, form)
        alice.cookies.pop("messages", None)  # a browser that left has not read the answer
        second = alice.post(path, form)
        said = [each.message for each in alice.get(second["Location"]).context["messages"]]
        assert (second.status_code, second["Location"]) == (302, first["Location"])
        assert len(said) == 1
        assert notes_of(team) == 1

    def test_of_another_rendering_is_work_of_its_own(self, alice: Client, team: Team) -> None:
        path = log_path(card(team, owner=team.alice))
        for _ in range(2):
            alice.post(path, NOTE | rendered(alice, path))
        assert notes_of(team) == 2

    def test_with_other_values_is_work_of_its_own(self, alice: Client, team: Team) -> None:
        path = log_path(card(team, owner=team.alice))
        token = rendered(alice, path)
        alice.post(path, NOTE | token)
        alice.post(path, NOTE | token | {"note": "Another thing"})
        assert notes_of(team) == 2

    def test_is_handled_when_the_first_was_shown_its_errors(
        self, alice: Client, team: Team
    ) -> None:
        path = log_path(card(team, owner=team.alice))
        form = NOTE | {"note": ""} | rendered(alice, path)
        for _ in range(2):
            answer = alice.post(path, form)
            assert "note" in answer.context["form"].errors

    def test_is_handled_when_the_first_one_died(
        self, alice: Client, team: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(back_office_twice, "PATIENCE", 0)
        path = log_path(card(team, owner=team.alice))
        form = NOTE | rendered(alice, path)
        alice.post(path, form)
        for key in list(cache._cache.get_client().scan_iter("*once:*")):  # type: ignore[attr-defined]
            cache.set(key.decode().split(":", 2)[2], back_office_twice.RUNNING)
        alice.post(path, form)
        assert notes_of(team) == 2

    def test_of_a_script_is_left_alone(self, alice: Client, team: Team) -> None:
        path = log_path(card(team, owner=team.alice))
        form = NOTE | rendered(alice, path)
        headers: Any = {"sec-fetch-mode": "cors"}
        for _ in range(2):
            alice.post(path, form, headers=headers)
        assert notes_of(team) == 2

    def test_of_somebody_else_is_their_own(self, alice: Client, team: Team) -> None:
        path = log_path(card(team, owner=team.alice))
        form = NOTE | rendered(alice, path)
        alice.post(path, form)
        signed_in(team.mona.user).post(path, form)
        assert notes_of(team) == 2

    def test_that_is_forged_is_refused_and_not_remembered(self, alice: Client, team: Team) -> None:
        path = log_path(card(team, owner=team.alice))
        rendered(alice, path)
        for _ in range(2):
            answer = alice.post(path, NOTE | {"csrfmiddlewaretoken": "x" * 64})
            assert answer.status_code == 403
        assert notes_of(team) == 0


class TestWithoutACache:
    def test_forms_are_handled(self, alice: Client, team: Team, settings: Any) -> None:
        path = log_path(card(team, owner=team.alice))
        form = NOTE | rendered(alice, path)
        broken = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
        settings.CACHES = {"default": broken}
        assert alice.post(path, form).status_code == 302
        assert notes_of(team) == 1

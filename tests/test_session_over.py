"""Forms of the back office that are sent when the session is over."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.tenancy import tenant_scope
from crm_project.back_office.kept_forms import SALT
from prospects.models import Contact
from tests.people import PASSWORD, Team

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', re.DOTALL)
NASTY = '"><script>alert(1)</script>\n\u00f1 & co'
LOGIN = "/admin/login/"


@pytest.fixture
def browser(team: Team) -> Client:
    """Alice's, with a page open; then her session ends."""
    made = Client(enforce_csrf_checks=True)
    sign_in(made, "alice@acme.test")
    return made


def token_in(page: Any) -> dict[str, str]:
    found = TOKEN.search(page.content.decode())
    assert found
    return {"csrfmiddlewaretoken": found[1]}


def sign_in(browser: Client, email: str, **more: str) -> Any:
    page = browser.get(LOGIN)
    return browser.post(LOGIN, {"username": email, "password": PASSWORD, **token_in(page), **more})


def hidden_of(page: Any) -> dict[str, str]:
    return {name: unescape(text) for name, text in HIDDEN.findall(page.content.decode())}


def sent_too_late(browser: Client, **values: Any) -> tuple[str, Any]:
    """Post a new contact after the session has ended."""
    path = reverse("admin:prospects_contact_add") + "?city=Puebla"
    token = token_in(browser.get(path))
    browser.cookies.pop("sessionid")
    given = {"first_name": "Rosa", "position": NASTY, "_save": "1", "new_password": "hush"}
    return path, browser.post(path, given | values | token)


class TestWhatWasTyped:
    def test_is_sent_after_signing_in_again(self, browser: Client, team: Team) -> None:
        path, page = sent_too_late(browser)
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        kept = hidden_of(page)["kept"]
        again = sign_in(browser, "alice@acme.test", kept=kept)
        text = again.content.decode()
        assert f'action="{path}"' in text
        assert "<script>alert" not in text
        fields = hidden_of(again)
        assert fields["first_name"] == "Rosa"
        assert fields["position"] == NASTY
        assert again.context["owner"] == ""
        answer = browser.post(path, fields)
        assert answer.status_code == 302
        with tenant_scope(team.tenant.pk):
            assert Contact.objects.filter(first_name="Rosa").count() == 1

    def test_survives_a_wrong_password(self, browser: Client) -> None:
        page = sent_too_late(browser)[1]
        wrong = browser.post(
            LOGIN,
            hidden_of(page) | {"username": "alice@acme.test", "password": "wrong"},
        )
        assert hidden_of(wrong)["kept"] == hidden_of(page)["kept"]

    def test_survives_too_many_tries(self, browser: Client, settings: Any) -> None:
        settings.CRM_LOGIN_TRIES_PER_MINUTE = 1
        page = sent_too_late(browser)[1]
        wrong = hidden_of(page) | {"username": "rosa@acme.test", "password": "wrong"}
        browser.post(LOGIN, wrong)
        tired = browser.post(LOGIN, wrong)
        assert tired.status_code == 429
        back = browser.post(LOGIN, hidden_of(tired))
        # Signed anew, with the second in which that was.
        first, last = (signing.loads(hidden_of(each)["kept"], salt=SALT) for each in (page, back))
        assert first == last

    def test_holds_no_password(self, browser: Client) -> None:
        page = sent_too_late(browser)[1]
        again = sign_in(browser, "alice@acme.test", kept=hidden_of(page)["kept"])
        assert "hush" not in again.content.decode()

    def test_names_the_files_that_are_missing(self, browser: Client) -> None:
        file = SimpleUploadedFile("prices<b>.csv", b"1")
        page = sent_too_late(browser, photo=file)[1]
        again = sign_in(browser, "alice@acme.test", kept=hidden_of(page)["kept"])
        assert "prices&lt;b&gt;.csv" in again.content.decode()

    def test_is_offered_to_somebody_else_with_a_warning(self, browser: Client) -> None:
        page = sent_too_late(browser)[1]
        again = sign_in(browser, "bob@acme.test", kept=hidden_of(page)["kept"])
        assert again.context["owner"] == "Alice Sales"

    def test_names_nobody_to_another_tenant(self, browser: Client, rivals: Team) -> None:
        page = sent_too_late(browser)[1]
        again = sign_in(browser, "ada@rivals.test", kept=hidden_of(page)["kept"])
        assert again.context["owner"]
        assert "Alice" not in again.context["owner"]

    def test_too_large_to_be_kept_is_said_so(self, browser: Client, settings: Any) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_200
        page = sent_too_late(browser, position="".join(chr(300 + i) for i in range(500)))[1]
        assert page.context["is_lost"]

    @pytest.mark.parametrize("kept", ["", "x", "eyJ:1:2", "\x00"])
    def test_that_is_not_ours_is_ignored(self, browser: Client, kept: str) -> None:
        assert sign_in(Client(), "alice@acme.test", kept=kept).status_code == 302


class TestPosts:
    def test_that_are_forged_are_refused(self, browser: Client) -> None:
        browser.cookies.pop("sessionid")
        path = reverse("admin:prospects_contact_add")
        assert browser.post(path, {"first_name": "Rosa"}).status_code == 403

    def test_of_scripts_are_told_in_their_words(self, team: Team) -> None:
        path = reverse("admin:prospects_contact_add")
        asked: Any = [
            {"headers": {"accept": "application/json"}},
            {"headers": {"x-requested-with": "XMLHttpRequest"}},
            {"content_type": "application/json"},
        ]
        for how in asked:
            answer = Client().post(path, {}, **how)
            assert answer.status_code == 401
            assert answer.json()["message"]

    def test_to_sign_out_need_no_session(self, db: None) -> None:
        assert Client().post(reverse("admin:logout")).status_code in (200, 302)

    def test_that_only_look_go_to_the_page_of_signing_in(self, db: None) -> None:
        path = reverse("admin:prospects_contact_changelist")
        assert Client().get(path)["Location"] == f"{LOGIN}?next={path}"

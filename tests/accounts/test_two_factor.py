"""Codes of an authenticator app, beside the password."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pyotp
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import TwoFactor, User
from accounts.tenants.models import Tenant
from accounts.two_factor.services import set_up, use_code
from core.tenancy import across_tenants, tenant_scope
from tests.people import PASSWORD, Team
from tests.races import at_once
from tests.staff import make_operator, signed_in

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = "2026-03-15T12:00:10Z"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@pytest.fixture(autouse=True)
def _noon(time_machine: Any) -> None:
    time_machine.move_to(NOON, tick=False)


def shown(steps: int = 0) -> str:
    """What the app shows so many codes from now."""
    return pyotp.TOTP(SECRET).at(timezone.now() + steps * timedelta(seconds=30))


@pytest.fixture
def backup(team: Team) -> list[str]:
    """Alice's backup codes: she has set it up, with a code of two minutes ago."""
    before = timezone.now() - timedelta(minutes=2)
    code = pyotp.TOTP(SECRET).at(before)
    return set_up(user_id=team.alice.id, secret=SECRET, code=code, at=before)


def password_given(browser: Client, email: str = "alice@acme.test", **more: str) -> Any:
    return browser.post(reverse("admin:login"), {"username": email, "password": PASSWORD, **more})


def hidden_of(page: Any) -> dict[str, str]:
    return {name: unescape(text) for name, text in HIDDEN.findall(page.content.decode())}


def next_step(browser: Client, page: Any, name: str, **values: str) -> Any:
    return browser.post(reverse(f"admin:login_{name}"), hidden_of(page) | values)


def is_in(browser: Client) -> bool:
    return browser.get(reverse("admin:index")).status_code == 200


@pytest.mark.usefixtures("backup")
class TestSigningIn:
    def test_asks_for_a_code_after_the_password_and_goes_on(self, client: Client) -> None:
        goal = reverse("admin:sales_deal_changelist")
        page = password_given(client, next=goal)
        assert not is_in(client)
        answer = next_step(client, page, "code", code=shown())
        assert answer["Location"] == goal
        assert is_in(client)

    @pytest.mark.parametrize("steps", [-1, 0, 1])
    def test_takes_a_code_of_a_clock_that_differs_a_little(
        self, client: Client, steps: int
    ) -> None:
        next_step(client, password_given(client), "code", code=shown(steps))
        assert is_in(client)

    @pytest.mark.parametrize("code", ["", "000000", "12345", "1234567", "\u0661" * 6, "x" * 41])
    def test_refuses_what_is_no_code(self, client: Client, code: str) -> None:
        answer = next_step(client, password_given(client), "code", code=code)
        assert answer.context["form"].errors
        assert not is_in(client)

    @pytest.mark.parametrize("steps", [-2, 2])
    def test_refuses_codes_of_another_time(self, client: Client, steps: int) -> None:
        next_step(client, password_given(client), "code", code=shown(steps))
        assert not is_in(client)

    def test_refuses_a_code_that_was_used(self, client: Client) -> None:
        next_step(client, password_given(client), "code", code=shown())
        thief = Client()
        for steps in (0, -1):
            next_step(thief, password_given(thief), "code", code=shown(steps))
            assert not is_in(thief)

    def test_takes_each_backup_code_once(self, client: Client, backup: list[str]) -> None:
        next_step(client, password_given(client), "code", code=backup[3].upper())
        assert is_in(client)
        thief = Client()
        next_step(thief, password_given(thief), "code", code=backup[3])
        assert not is_in(thief)
        next_step(thief, password_given(thief), "code", code=backup[4])
        assert is_in(thief)

    def test_does_not_skip_the_password(self, client: Client, team: Team) -> None:
        for passed in ("", "x", f"{team.alice.id}"):
            answer = client.post(
                reverse("admin:login_code"), {"passed": passed, "code": shown()}, follow=True
            )
            assert "username" in answer.context["form"].fields
        assert not is_in(client)

    def test_forgets_the_password_after_ten_minutes(
        self, client: Client, time_machine: Any
    ) -> None:
        page = password_given(client)
        time_machine.move_to("2026-03-15T12:10:11Z", tick=False)
        next_step(client, page, "code", code=shown())
        assert not is_in(client)

    def test_forgets_a_password_that_was_changed(self, client: Client, team: Team) -> None:
        page = password_given(client)
        with tenant_scope(team.tenant.pk):
            team.alice.user.set_password("another long enough secret")
            team.alice.user.save(update_fields=["password"])
        next_step(client, page, "code", code=shown())
        assert not is_in(client)

    def test_limits_the_tries_and_says_how_long(self, client: Client) -> None:
        page = password_given(client)
        for _ in range(5):
            assert next_step(client, page, "code", code="000000").status_code == 200
        answer = next_step(client, page, "code", code=shown())
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        assert not is_in(client)

    def test_leads_to_no_other_site(self, client: Client) -> None:
        page = password_given(client, next="https://evil.test/")
        answer = next_step(client, page, "code", code=shown())
        assert answer["Location"] == reverse("admin:index")


@pytest.mark.usefixtures("backup")
class TestSigningInToTheApi:
    def test_wants_the_code(self, post: Any) -> None:
        answer = post("login", email="alice@acme.test", password=PASSWORD)
        assert answer.status_code == 401
        assert answer.json()["code"] == "otp_required"

    def test_opens_a_session_with_it(self, post: Any, opens: Any) -> None:
        answer = post("login", email="alice@acme.test", password=PASSWORD, otp=shown())
        assert opens(answer.json()["token"])
        again = post("login", email="alice@acme.test", password=PASSWORD, otp=shown())
        assert (again.status_code, again.json()["code"]) == (401, "otp_invalid")

    def test_tells_nothing_of_it_without_the_password(self, post: Any) -> None:
        answer = post("login", email="alice@acme.test", password="wrong", otp=shown())
        assert (answer.status_code, set(answer.json())) == (401, {"message"})

    def test_goes_on_with_tokens_that_were_open(self, post: Any, opens: Any, team: Team) -> None:
        assert opens(team.alice.token)
        assert post("refresh", refresh_token=team.alice.refresh).status_code == 200

    def test_is_as_ever_for_others(self, post: Any) -> None:
        assert post("login", email="bob@acme.test", password=PASSWORD).status_code == 200

    def test_refuses_too_many_codes(self, post: Any) -> None:
        login = {"email": "alice@acme.test", "password": PASSWORD}
        for _ in range(5):
            assert post("login", **login, otp="000000").status_code == 401
        assert post("login", **login, otp=shown()).status_code == 429


class TestRequiredByTheTenant:
    @pytest.fixture(autouse=True)
    def _required(self, team: Team) -> None:
        Tenant.objects.filter(pk=team.tenant.pk).update(requires_two_factor=True)

    def test_is_set_up_while_signing_in(self, client: Client, team: Team) -> None:
        page = password_given(client)
        secret = page.context["form"].secret
        assert secret in page.context["form"].spelled.replace(" ", "")
        assert "<svg" in page.content.decode()
        code = pyotp.TOTP(secret).at(timezone.now())
        answer = next_step(client, page, "set_up", code=code)
        assert len(answer.context["backup"]) == 10
        assert secret not in answer.content.decode()
        assert is_in(client)

    def test_takes_no_code_of_another_secret(self, client: Client) -> None:
        answer = next_step(client, password_given(client), "set_up", code=shown())
        assert answer.context["form"].errors
        assert not is_in(client)

    def test_keeps_the_api_shut_until_then(self, post: Any) -> None:
        answer = post("login", email="alice@acme.test", password=PASSWORD)
        assert (answer.status_code, answer.json()["code"]) == (403, "otp_setup_required")

    def test_is_switched_by_an_admin(self, team: Team) -> None:
        path = reverse("admin:accounts_tenant_change", args=(team.tenant.pk,))
        shown_page = signed_in(team.ada.user).get(path).content.decode()
        assert 'name="requires_two_factor"' in shown_page


class TestOnesOwn:
    PATH = "/admin/accounts/user/two-factor/"

    def test_is_set_up_with_password_and_code(self, team: Team) -> None:
        alice = signed_in(team.alice.user)
        form = alice.get(self.PATH).context["form"]
        code = pyotp.TOTP(form.secret).at(timezone.now())
        sent = {"sealed": form.initial["sealed"], "code": code}
        assert "password" in alice.post(self.PATH, sent | {"password": "x"}).context["form"].errors
        answer = alice.post(self.PATH, sent | {"password": PASSWORD})
        assert len(answer.context["backup"]) == 10
        assert TwoFactor.objects.get(user=team.alice.id).secret == form.secret
        assert form.secret not in alice.get(self.PATH).content.decode()

    def test_is_not_set_up_with_a_colleagues_secret(self, team: Team) -> None:
        bobs = signed_in(team.bob.user).get(self.PATH).context["form"]
        code = pyotp.TOTP(bobs.secret).at(timezone.now())
        sent = {"sealed": bobs.initial["sealed"], "code": code, "password": PASSWORD}
        assert signed_in(team.alice.user).post(self.PATH, sent).context["form"].errors

    def test_is_turned_off_with_the_password_or_a_code(self, team: Team, backup: Any) -> None:
        alice = signed_in(team.alice.user)
        assert alice.post(self.PATH, {"proof": "wrong"}).context["form"].errors
        assert alice.post(self.PATH, {"proof": shown(), "act": "remove"}).status_code == 302
        assert not TwoFactor.objects.exists()

    def test_draws_new_backup_codes(self, team: Team, backup: list[str]) -> None:
        alice = signed_in(team.alice.user)
        answer = alice.post(self.PATH, {"proof": PASSWORD, "act": "renew"})
        new = answer.context["backup"]
        now = timezone.now()
        assert not use_code(user_id=team.alice.id, code=backup[0], at=now)
        assert use_code(user_id=team.alice.id, code=new[0], at=now)

    def test_is_for_operators_too(self, client: Client) -> None:
        operator = make_operator()
        before = timezone.now() - timedelta(minutes=2)
        code = pyotp.TOTP(SECRET).at(before)
        set_up(user_id=operator.pk, secret=SECRET, code=code, at=before)
        page = password_given(client, operator.email)
        next_step(client, page, "code", code=shown())
        assert is_in(client)
        assert client.get(self.PATH).context["left"] == 10


class TestTakingItAway:
    def _path(self, user: Any) -> str:
        return reverse("admin:accounts_user_take_away_two_factor", args=(user.pk,))

    def test_is_an_admins_act_with_history(self, team: Team, backup: Any) -> None:
        ada = signed_in(team.ada.user)
        assert ada.get(self._path(team.alice.user)).status_code == 200
        assert ada.post(self._path(team.alice.user)).status_code == 302
        assert not TwoFactor.objects.exists()
        with tenant_scope(team.tenant.pk):
            event = apps.get_model("accounts", "UserEvent").objects.latest("pgh_id")
        assert event.pgh_obj_id == team.alice.id
        assert event.two_factor_since is not None
        assert event.pgh_context["user"] == team.ada.id

    def test_is_not_for_managers_nor_for_outsiders(
        self, team: Team, rivals: Team, backup: Any
    ) -> None:
        for person in (team.mona, team.alice, rivals.ada):
            answer = signed_in(person.user).post(self._path(team.alice.user))
            assert answer.status_code in (403, 404)
        assert TwoFactor.objects.exists()

    def test_is_a_command_too(self, team: Team, backup: Any, capsys: Any) -> None:
        call_command("remove_two_factor", "Alice@acme.test")
        with across_tenants():
            assert User.objects.get(pk=team.alice.id).two_factor_since is None
        with pytest.raises(CommandError):
            call_command("remove_two_factor", "alice@acme.test")


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_a_code_lets_one_in(self, team: Team, backup: list[str]) -> None:
        for code in (shown(), backup[0]):
            at = timezone.now()

            def use(code: str = code, at: Any = at) -> bool:
                return use_code(user_id=team.alice.id, code=code, at=at)

            assert sorted(at_once(use, use)) == [False, True]


class TestNewPassword:
    def test_does_not_replace_the_code(self, client: Client, team: Team, backup: Any) -> None:
        with tenant_scope(team.tenant.pk):
            team.alice.user.set_password(PASSWORD)
            team.alice.user.save(update_fields=["password"])
        assert "passed" in hidden_of(password_given(client))
        assert not is_in(client)

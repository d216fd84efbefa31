"""Who forgot a password gets a link by mail that works once; nobody else learns anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import PasswordLink, Tenant
from accounts.users.editing import set_password
from core.tasks import sweep_pending
from core.tenancy import tenant_scope
from tests.accounts.passwords.letters import delivered, token_in
from tests.people import PASSWORD
from tests.races import at_once

NEW = "an even longer secret"
BOTH = {"password": NEW, "password_confirmation": NEW}


@pytest.fixture
def forgets(post):
    """Somebody asks for a new password."""

    def ask(email="alice@acme.test"):
        return post("forgot-password", email=email)

    return ask


@pytest.fixture
def token(team, forgets):
    """The token that Alice was mailed."""
    forgets()
    return token_in(delivered()[-1])


def signs_in(post, password, email="alice@acme.test"):
    return post("login", email=email, password=password).status_code == 200


class TestAsking:
    def test_sends_a_mail_in_the_language_of_the_tenant(self, team, forgets):
        for language, subject in (
            ("es", "Elige una contraseña nueva"),
            ("en", "Choose a new password"),
        ):
            Tenant.objects.filter(pk=team.tenant.pk).update(language=language)
            forgets()
            letter = delivered()[-1]
            assert (letter.subject, letter.to) == (subject, ["alice@acme.test"])
            assert team.tenant.name in letter.body
            assert letter.alternatives[0][1] == "text/html"

    def test_answers_the_same_whoever_it_is(self, team, forgets, settings):
        known, unknown = forgets(), forgets("nobody@nowhere.test")
        assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
        assert len(delivered()) == 1

    def test_does_the_same_work_whoever_it_is(self, team, forgets):
        statements = []
        for email in ("alice@acme.test", "nobody@nowhere.test"):
            with CaptureQueriesContext(connection) as asked:
                forgets(email)
            statements.append([each["sql"].replace(email, "") for each in asked])
        assert [each[:40] for each in statements[0]] == [each[:40] for each in statements[1]]

    def test_wakes_the_worker_whoever_it_is(
        self, team, forgets, django_capture_on_commit_callbacks
    ):
        for email in ("alice@acme.test", "nobody@nowhere.test"):
            with django_capture_on_commit_callbacks() as woken:
                forgets(email)
            assert len(woken) == 1

    def test_takes_the_address_however_it_is_written(self, team, forgets):
        forgets(" ALICE@acme.TEST ")
        assert len(delivered()) == 1

    def test_is_limited_for_each_address_known_or_not(self, team, forgets, settings):
        settings.CRM_PASSWORD_MAILS_PER_HOUR = 2
        for email in ("alice@acme.test", "nobody@nowhere.test"):
            assert [forgets(email).status_code for _ in range(3)] == [200, 200, 429]
        assert forgets("bob@acme.test").status_code == 200

    def test_sends_nothing_to_who_may_not_sign_in(self, team, rivals, forgets):
        with tenant_scope(team.tenant.pk):
            type(team.alice.user).objects.filter(pk=team.alice.id).update(is_active=False)
        Tenant.objects.filter(pk=rivals.tenant.pk).update(is_active=False)
        for email in ("alice@acme.test", "ada@rivals.test"):
            assert forgets(email).status_code == 200
        assert delivered() == []

    @pytest.mark.parametrize("email", ["", "x", "a\x00@b.mx", 5, None, ["a@b.mx"], "x" * 300])
    def test_refuses_what_is_no_address(self, team, forgets, email):
        answer = forgets(email)
        assert answer.status_code == 422
        assert "email" in answer.json()["errors"]


class TestMail:
    def test_that_no_server_takes_is_sent_later(self, team, forgets, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_PORT = 1
        forgets()
        assert delivered() == []
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        with tenant_scope(team.tenant.pk):
            link = PasswordLink.objects.get()
            assert (link.status, link.attempts) == ("pending", 1)
            assert link.answer
            PasswordLink.objects.update(due_at=timezone.now())
        sweep_pending()
        assert len(delivered()) == 1

    def test_is_sent_once(self, team, forgets):
        forgets()
        delivered()
        assert len(delivered()) == 1

    def test_holds_the_only_copy_of_the_token(self, team, token):
        with tenant_scope(team.tenant.pk):
            link = PasswordLink.objects.get()
        assert token not in str(link.__dict__)


class TestLink:
    def test_sets_the_password_and_ends_every_session(self, team, post, token, opens):
        assert post("reset-password", token=token, **BOTH).status_code == 200
        assert signs_in(post, NEW)
        assert not signs_in(post, PASSWORD)
        assert not opens(team.alice.token)
        assert opens(team.bob.token)

    def test_works_once(self, team, post, token):
        post("reset-password", token=token, **BOTH)
        answer = post(
            "reset-password",
            token=token,
            password="a third one here",
            password_confirmation="a third one here",
        )
        assert answer.status_code == 422
        assert set(answer.json()) == {"message"}
        assert signs_in(post, NEW)

    def test_ends_after_an_hour(self, team, post, token, time_machine):
        time_machine.move_to(timezone.now() + timedelta(minutes=61))
        assert post("reset-password", token=token, **BOTH).status_code == 422

    def test_ends_when_another_one_was_used(self, team, post, token, forgets):
        forgets()
        newer = token_in(delivered()[-1])
        assert post("reset-password", token=newer, **BOTH).status_code == 200
        assert post("reset-password", token=token, **BOTH).status_code == 422

    def test_ends_when_the_password_changes_by_any_door(self, in_tenant, post, token):
        set_password(user_id=in_tenant.alice.id, by=in_tenant.ada.user, password=NEW)
        assert post("reset-password", token=token, **BOTH).status_code == 422

    def test_stays_when_the_password_is_too_weak(self, team, post, token):
        weak = {"password": "12345678", "password_confirmation": "12345678"}
        answer = post("reset-password", token=token, **weak)
        assert answer.status_code == 422
        assert "password" in answer.json()["errors"]
        assert post("reset-password", token=token, **BOTH).status_code == 200

    def test_is_of_one_purpose(self, team, post, token):
        assert post("accept-invitation", token=token, **BOTH).status_code == 422

    @pytest.mark.parametrize("token", ["", "x", "\x00", "é", None, 5, [], "x" * 201])
    def test_that_is_none_is_refused(self, team, post, token):
        assert post("reset-password", token=token, **BOTH).status_code == 422
        assert signs_in(post, PASSWORD)

    def test_does_not_work_for_who_was_deactivated(self, team, post, token):
        with tenant_scope(team.tenant.pk):
            type(team.alice.user).objects.filter(pk=team.alice.id).update(is_active=False)
        assert post("reset-password", token=token, **BOTH).status_code == 422


class TestPages:
    def test_ask_and_set_the_password(self, team, client, post):
        page = client.post("/account/forgot-password", {"email": "alice@acme.test"}, follow=True)
        assert page.redirect_chain[-1][0] == "/admin/login/"
        path = f"/account/reset/{token_in(delivered()[-1])}"
        assert client.get(path).status_code == 200
        refused = client.post(path, {"password1": NEW, "password2": "other"})
        assert refused.context["form"].errors
        done = client.post(path, {"password1": NEW, "password2": NEW}, follow=True)
        assert done.redirect_chain[-1][0] == "/admin/login/"
        assert signs_in(post, NEW)
        assert client.get(path).status_code == 404

    def test_open_for_who_is_signed_in_too(self, team, client, token):
        client.force_login(team.bob.user)
        for path in ("/account/forgot-password", f"/account/reset/{token}"):
            assert client.get(path).status_code == 200

    def test_tell_nobody_where_they_are(self, team, client, token):
        page = client.get(f"/account/reset/{token}")
        assert page["Referrer-Policy"] == "same-origin"
        assert "no-store" in page["Cache-Control"]

    def test_show_a_weak_password_beside_the_form(self, team, client, token):
        sent = {"password1": "12345678", "password2": "12345678"}
        page = client.post(f"/account/reset/{token}", sent)
        assert page.status_code == 200
        assert page.context["form"].errors

    def test_stand_beside_the_sign_in(self, team, client):
        assert "/account/forgot-password" in client.get("/admin/login/").content.decode()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_of_two_who_use_a_link_is_refused(self, post):
        from tests.people import make_team

        make_team("acme")
        post("forgot-password", email="alice@acme.test")
        token = token_in(delivered()[-1])
        statuses = at_once(
            *(lambda: post("reset-password", token=token, **BOTH).status_code for _ in range(2))
        )
        assert sorted(statuses) == [200, 422]

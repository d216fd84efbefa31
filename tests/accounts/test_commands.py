from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.sessions.models import Session
from accounts.sessions.tasks import drop_expired
from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.tenancy import across_tenants, tenant_scope
from prospects.pipeline.models import FollowUpCategory
from tests.people import PASSWORD


def run(*arguments: str) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue().strip()


class TestIssueToken:
    def test_prints_a_token_that_opens_the_door(self, opens, team):
        assert opens(run("issue_token", "alice@acme.test", "--days", "30"))

    def test_makes_a_named_session_of_so_many_days(self, team):
        run("issue_token", " ALICE@acme.test", "--days", "30", "--name", "warehouse sync")
        with tenant_scope(team.tenant.pk):
            session = Session.objects.get(name="warehouse sync")
        assert session.user_id == team.alice.id
        remaining = session.expires_at - timezone.now()
        assert timedelta(days=29, hours=23) < remaining <= timedelta(days=30)

    def test_lasts_longer_than_a_sign_in_and_ends_with_its_days(self, opens, team, time_machine):
        token = run("issue_token", "alice@acme.test", "--days", "90")
        start = timezone.now()
        time_machine.move_to(start + timedelta(days=89))
        assert opens(token)
        time_machine.move_to(start + timedelta(days=91))
        assert not opens(token)

    def test_can_be_revoked(self, opens, team):
        token = run("issue_token", "alice@acme.test", "--name", "sync")
        with tenant_scope(team.tenant.pk):
            Session.objects.filter(name="sync").update(revoked_at=timezone.now())
        assert not opens(token)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["nobody@acme.test"], "No active user"),
            (["alice@acme.test", "--days", "0"], "--days"),
            (["alice@acme.test", "--days", "999999999"], "--days"),
            (["alice@acme.test", "--name", "x" * 101], "--name"),
        ],
    )
    def test_says_what_is_wrong(self, team, arguments, message):
        with pytest.raises(CommandError, match=message):
            run("issue_token", *arguments)

    def test_refuses_the_deactivated_and_operators(self, team):
        with across_tenants():
            User.objects.filter(pk=team.alice.id).update(is_active=False)
            User.objects.create_superuser("ops@example.test", PASSWORD, name="Ops")
        for email in ("alice@acme.test", "ops@example.test"):
            with pytest.raises(CommandError, match="No active user"):
                run("issue_token", email)


class TestCreateTenant:
    ARGUMENTS = ("Acme", "--admin-name", "Ada", "--email", "Ada@acme.test", "--password", PASSWORD)

    def test_creates_tenant_admin_and_default_data(self, db):
        assert run("create_tenant", *self.ARGUMENTS) == (
            "Created tenant acme with ada@acme.test as its admin."
        )
        user = authenticate(username="ada@acme.test", password=PASSWORD)
        assert user.role == "admin"
        with tenant_scope(user.tenant_id):
            assert FollowUpCategory.objects.count() == 7

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (["--email", "nonsense"], "email|correo|válid"),
            (["--slug", "not a slug!"], "slug"),
            (["--slug", "x" * 61], "60"),
            (["--password", "short"], "."),
            (["--admin-name", "x" * 256], "255"),
        ],
    )
    def test_says_what_is_wrong_and_creates_nothing(self, db, change, message):
        with pytest.raises(CommandError, match=message):
            run("create_tenant", *self.ARGUMENTS, *change)
        assert not Tenant.objects.exists()

    def test_says_that_email_or_slug_are_taken(self, db):
        run("create_tenant", *self.ARGUMENTS)
        with pytest.raises(CommandError, match="This email is taken"):
            run("create_tenant", *self.ARGUMENTS)
        with pytest.raises(CommandError):
            run("create_tenant", *self.ARGUMENTS, "--slug", "acme", "--email", "b@acme.test")
        assert Tenant.objects.count() == 1


class TestDropExpiredSessions:
    def test_forgets_those_a_month_past_their_end_in_every_tenant(self, team, rivals):
        now = timezone.now()
        with across_tenants():
            Session.objects.filter(user_id__in=[team.alice.id, rivals.ada.id]).update(
                expires_at=now - timedelta(days=31)
            )
            Session.objects.filter(user_id=team.bob.id).update(expires_at=now - timedelta(days=29))
        assert drop_expired() == 2
        with across_tenants():
            assert Session.objects.count() == 8
            assert Session.objects.filter(user_id=team.bob.id).exists()

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.utils import timezone

from accounts.sessions.authentication import find_caller
from accounts.sessions.models import Session
from accounts.users.roles import role_codes
from core.tenancy import tenant_scope
from tests.accounts.conftest import ME


@pytest.fixture
def session(team):
    """Alice's session, as the row stands now."""

    def read() -> Session:
        with tenant_scope(team.tenant.pk):
            return Session.objects.get(user_id=team.alice.id)

    return read


class TestMe:
    def test_shows_caller_and_tenant(self, team):
        body = team.alice.get(ME).json()
        assert set(body) == {"data", "tenant"}
        assert set(body["data"]) == {"id", "name", "email", "role", "avatar_url", "permissions"}
        assert body["data"]["email"] == "alice@acme.test"
        assert body["tenant"] == {
            "id": team.tenant.pk,
            "name": team.tenant.name,
            "slug": team.tenant.slug,
        }

    @pytest.mark.parametrize("role", ["admin", "manager", "sales", "viewer"])
    def test_lists_the_permissions_of_the_role(self, team, role):
        listed = team.everybody[role].get(ME).json()["data"]["permissions"]
        assert listed == sorted(role_codes(role))

    def test_lists_what_was_granted_beyond_the_role(self, team):
        team.alice.user.user_permissions.add(Permission.objects.get(codename="all-prospects"))
        assert "accounts.all-prospects" in team.alice.get(ME).json()["data"]["permissions"]
        assert "accounts.all-prospects" not in team.bob.get(ME).json()["data"]["permissions"]

    def test_costs_one_query(self, team, django_assert_num_queries):
        with django_assert_num_queries(1):
            team.alice.get(ME)


class TestLastUse:
    def test_is_noted_at_most_every_five_minutes(self, team, session):
        opened = session().last_used_at
        team.alice.get(ME)
        assert session().last_used_at == opened

    def test_is_noted_after_five_minutes(self, team, session):
        long_ago = timezone.now() - timedelta(minutes=6)
        with tenant_scope(team.tenant.pk):
            Session.objects.filter(user_id=team.alice.id).update(last_used_at=long_ago)
        team.alice.get(ME)
        assert session().last_used_at > timezone.now() - timedelta(minutes=1)

    def test_of_a_session_that_has_ended_is_not_noted(self, team, session):
        long_ago = timezone.now() - timedelta(minutes=6)
        with tenant_scope(team.tenant.pk):
            Session.objects.filter(user_id=team.alice.id).update(
                last_used_at=long_ago, revoked_at=long_ago
            )
        assert team.alice.get(ME).status_code == 401
        assert session().last_used_at == long_ago


class TestTheCaller:
    def test_saved_by_a_view_keeps_what_the_one_query_did_not_read(self, team, session):
        caller = find_caller(session().pk)
        assert caller is not None
        caller.name = "Alice of the new name"
        with tenant_scope(team.tenant.pk):
            caller.save()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, password, is_staff FROM accounts_user WHERE id = %s", [caller.pk]
            )
            row = cursor.fetchone()
        assert row == ("Alice of the new name", team.alice.user.password, True)

    def test_knows_tenant_and_rights_without_a_query(
        self, team, session, django_assert_num_queries
    ):
        session_id = session().pk
        with django_assert_num_queries(1):
            caller = find_caller(session_id)
            assert caller.has_perm("accounts.crm-access")
            assert not caller.has_perm("accounts.all-prospects")
            assert not caller.is_superuser
            assert caller.tenant.zone.key == "America/Mexico_City"
            assert caller.tenant.is_active

"""What ends sessions at once: the next request with any of their tokens is 401."""

from __future__ import annotations

import pytest
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.db import connection
from django.utils import timezone

from accounts.sessions.models import Session
from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.tenancy import tenant_scope
from tests.people import Person


@pytest.fixture
def is_out(opens, post):
    """Whether neither token of a person works any more."""

    def ask(person: Person) -> bool:
        refresh = post("refresh", refresh_token=person.refresh)
        works = {opens(person.token), refresh.status_code == 200}
        assert len(works) == 1, "one of the two tokens works, the other does not"
        return works == {False}

    return ask


class TestLogout:
    def test_says_so(self, team):
        answer = team.alice.post("/api/v1/auth/logout")
        assert answer.status_code == 200
        assert answer.json() == {"message": "Logged out successfully."}

    def test_ends_the_session(self, team, is_out):
        team.alice.post("/api/v1/auth/logout")
        assert is_out(team.alice)

    def test_leaves_other_devices_and_people_signed_in(self, team, is_out):
        phone = Person(team.alice.user)
        team.alice.post("/api/v1/auth/logout")
        assert not is_out(phone)
        assert not is_out(team.bob)

    def test_needs_a_token(self, post, db):
        assert post("logout").status_code == 401

    def test_works_once(self, team):
        team.alice.post("/api/v1/auth/logout")
        assert team.alice.post("/api/v1/auth/logout").status_code == 401


def set_password_and_save(user: User) -> None:
    user.set_password("another long secret")
    user.save()


def update_password(user: User) -> None:
    User.objects.filter(pk=user.pk).update(password="!unusable")


def save_the_back_offices_form(user: User) -> None:
    secret = "another long secret"
    form = AdminPasswordChangeForm(user, {"password1": secret, "password2": secret})
    assert form.is_valid(), form.errors
    form.save()


def write_sql(user: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET password = 'x' WHERE id = %s", [user.pk])


def deactivate_and_save(user: User) -> None:
    user.is_active = False
    user.save()


def deactivate_by_update(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


class TestChangesOfAUser:
    @pytest.mark.parametrize(
        "change",
        [
            set_password_and_save,
            update_password,
            save_the_back_offices_form,
            write_sql,
            deactivate_and_save,
            deactivate_by_update,
        ],
    )
    def test_that_end_every_session_of_theirs_and_no_others(self, team, is_out, change):
        phone = Person(team.alice.user)
        with tenant_scope(team.tenant.pk):
            change(team.alice.user)
        assert is_out(team.alice)
        assert is_out(phone)
        assert not is_out(team.bob)

    def test_that_end_none(self, team, is_out):
        with tenant_scope(team.tenant.pk):
            team.alice.user.name = "Alice of the new name"
            team.alice.user.save()
            User.objects.update(role="viewer", is_staff=False)
        assert not is_out(team.alice)

    def test_back_and_forth_leave_the_old_sessions_ended(self, team, is_out):
        with tenant_scope(team.tenant.pk):
            User.objects.filter(pk=team.alice.id).update(is_active=False)
            User.objects.filter(pk=team.alice.id).update(is_active=True)
        assert is_out(team.alice)


class TestDeactivatingATenant:
    @pytest.mark.parametrize("way", ["save", "update"])
    def test_ends_the_sessions_of_its_people_alone(self, team, rivals, is_out, way):
        if way == "save":
            team.tenant.is_active = False
            team.tenant.save()
        else:
            Tenant.objects.filter(pk=team.tenant.pk).update(is_active=False)
        assert all(is_out(person) for person in team.everybody.values())
        assert not is_out(rivals.ada)


class TestRevokedSession:
    def test_by_the_row_is_out(self, team, is_out):
        with tenant_scope(team.tenant.pk):
            session = Session.objects.get(user_id=team.alice.id)
            session.revoke(at=timezone.now())
            session.save()
        assert is_out(team.alice)

    def test_keeps_the_moment_of_its_first_end(self):
        session, first = Session(), timezone.now()
        session.revoke(at=first)
        session.revoke(at=timezone.now())
        assert session.revoked_at == first

    def test_deleted_is_out(self, team, is_out):
        with tenant_scope(team.tenant.pk):
            Session.objects.filter(user_id=team.alice.id).delete()
        assert is_out(team.alice)

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Tenant, User
from core.tenancy import across_tenants, tenant_scope
from tests.accounts.passwords.letters import delivered, token_in
from tests.people import PASSWORD

PATH = "/api/v1/users/invite"
IVY = {"name": "Ivy New", "email": "ivy@acme.test", "role": "sales"}
BOTH = {"password": "ivy's long secret", "password_confirmation": "ivy's long secret"}


def users() -> int:
    with across_tenants():
        return User.objects.count()


class TestInvitation:
    def test_is_accepted_by_choosing_a_password(self, team, post, opens):
        answer = team.ada.post(PATH, {**IVY, "email": "Ivy@Acme.test"})
        assert answer.status_code == 201
        shown = answer.json()["data"]
        assert (shown["name"], shown["email"], shown["role"]) == tuple(IVY.values())
        letter = delivered()[-1]
        assert (letter.to, letter.subject) == ([IVY["email"]], f"Invitación a {team.tenant.name}")
        accepted = post("accept-invitation", token=token_in(letter), **BOTH)
        assert accepted.status_code == 200
        assert accepted.json()["user"]["id"] == shown["id"]
        assert opens(accepted.json()["token"])
        again = post("accept-invitation", token=token_in(letter), **BOTH)
        assert again.status_code == 422

    def test_lets_nobody_in_before(self, team, post):
        team.ada.post(PATH, IVY)
        for password in ("", "x", PASSWORD):
            assert post("login", email=IVY["email"], password=password).status_code in (401, 422)

    def test_ends_after_a_week(self, team, post, time_machine):
        team.ada.post(PATH, IVY)
        token = token_in(delivered()[-1])
        time_machine.move_to(timezone.now() + timedelta(days=8))
        assert post("accept-invitation", token=token, **BOTH).status_code == 422

    def test_can_be_sent_again_and_ends_the_one_before(self, team, post):
        pk = team.ada.post(PATH, IVY).json()["data"]["id"]
        first = token_in(delivered()[-1])
        assert team.ada.post(f"/api/v1/users/{pk}/invite").status_code == 200
        second = token_in(delivered()[-1])
        assert post("accept-invitation", token=first, **BOTH).status_code == 422
        assert post("accept-invitation", token=second, **BOTH).status_code == 200
        assert team.ada.post(f"/api/v1/users/{pk}/invite").status_code == 409

    def test_speaks_the_language_of_the_tenant(self, team):
        Tenant.objects.filter(pk=team.tenant.pk).update(language="en", name="Acme\r\nBcc: x@y.z")
        team.ada.post(PATH, IVY)
        assert delivered()[-1].subject == "Invitation to Acme Bcc: x@y.z"

    def test_of_an_address_that_exists_tells_nothing_of_whom(self, team, rivals):
        before = users()
        answers = [
            team.ada.post(PATH, {**IVY, "email": email})
            for email in ("bob@acme.test", "bob@rivals.test", "BOB@RIVALS.TEST")
        ]
        assert {answer.status_code for answer in answers} == {422}
        assert len({answer.content for answer in answers}) == 1
        assert users() == before
        assert delivered() == []

    def test_gives_nobody_more_than_one_holds(self, team):
        with tenant_scope(team.tenant.pk):
            User.objects.filter(pk=team.mona.id)
        assert team.mona.post(PATH, {**IVY, "role": "admin"}).status_code == 403

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *(("role", value) for value in ("", "owner", "superuser", None, 5, ["sales"])),
            *(("email", value) for value in ("", "x", None, "a\x00@b.mx", "x" * 250 + "@b.mx")),
            *(("name", value) for value in ("", "  ", None, "x" * 256, "a\x00b", ["x"])),
        ],
    )
    def test_refuses_nonsense_and_writes_nothing(self, team, field, value):
        before = users()
        answer = team.ada.post(PATH, {**IVY, field: value})
        assert answer.status_code == 422
        assert field in answer.json()["errors"]
        assert users() == before

    def test_is_limited(self, team, settings):
        settings.CRM_INVITATIONS_PER_HOUR = 1
        statuses = [
            team.ada.post(PATH, {**IVY, "email": f"ivy{n}@acme.test"}).status_code for n in range(2)
        ]
        assert statuses == [201, 429]

"""What a row was before: written by triggers, with who changed it and through which door."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from core.audit import acting, name_actor
from core.tenancy import TenantNotSet, tenant_scope
from prospects.models import Prospect
from tests.prospects.cards_of import card

ProspectEvent = apps.get_model("prospects", "ProspectEvent")
UserEvent = apps.get_model("accounts", "UserEvent")


@pytest.fixture
def prospect(team):
    """A card of Alice's called Before."""
    return card(team, owner=team.alice, company_name="Before")


def rename(prospect, name):
    Prospect.objects.filter(pk=prospect.pk).update(company_name=name)


class TestEvent:
    def test_keeps_the_old_values(self, team, prospect):
        with tenant_scope(team.tenant.pk):
            rename(prospect, "After")
            event = ProspectEvent.objects.get(pgh_obj_id=prospect.pk)
        assert (event.company_name, event.owner_id) == ("Before", team.alice.id)
        assert event.tenant_id == team.tenant.pk

    def test_is_written_for_raw_sql(self, team, prospect):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE prospects_prospect SET company_name = 'After'")
        with tenant_scope(team.tenant.pk):
            assert ProspectEvent.objects.get().company_name == "Before"

    def test_is_not_written_when_nothing_changes(self, team, prospect):
        with tenant_scope(team.tenant.pk):
            rename(prospect, "Before")
            assert not ProspectEvent.objects.exists()

    def test_is_seen_within_its_tenant_alone(self, team, rivals, prospect):
        with tenant_scope(team.tenant.pk):
            rename(prospect, "After")
        with tenant_scope(rivals.tenant.pk):
            assert not ProspectEvent.objects.exists()
        with pytest.raises(TenantNotSet):
            list(ProspectEvent.objects.all())

    def test_cannot_be_changed_or_removed(self, team, prospect):
        with tenant_scope(team.tenant.pk):
            rename(prospect, "After")
            for change in (
                "UPDATE prospects_prospectevent SET name = 'x'",
                "DELETE FROM prospects_prospectevent",
            ):
                with (
                    pytest.raises(ProgrammingError, match="Cannot update or delete"),
                    transaction.atomic(),
                    connection.cursor() as cursor,
                ):
                    cursor.execute(change)

    def test_of_a_user_never_holds_the_password(self, team):
        assert not {"password", "last_login"} & {f.name for f in UserEvent._meta.get_fields()}


class TestContext:
    def test_of_an_api_write_names_user_door_and_request(self, team, prospect):
        answer = team.alice.patch(
            f"/prospects/{prospect.pk}", {"name": "After"}, HTTP_X_REQUEST_ID="request-17"
        )
        assert answer.status_code == 200, answer.content
        with tenant_scope(team.tenant.pk):
            event = ProspectEvent.objects.first()
        assert event.pgh_context == {
            "user": team.alice.id,
            "door": "crm-api",
            "request_id": "request-17",
        }

    def test_is_empty_when_nobody_says_who(self, team, prospect):
        with tenant_scope(team.tenant.pk):
            rename(prospect, "After")
            assert ProspectEvent.objects.get().pgh_context is None

    def test_of_a_block_ends_with_it(self, team, prospect):
        with tenant_scope(team.tenant.pk), acting(door="admin", request_id="r"):
            name_actor(7)
            with acting(door="task:x"):
                rename(prospect, "One")
            rename(prospect, "Two")
            contexts = ProspectEvent.objects.order_by("pgh_id").values_list(
                "pgh_context", flat=True
            )
            assert list(contexts) == [
                {"door": "task:x", "request_id": "r", "user": 7},
                {"door": "admin", "request_id": "r", "user": 7},
            ]

    def test_does_not_leak_into_the_next_request(self, team, prospect):
        team.alice.patch(f"/prospects/{prospect.pk}", {"name": "One"})
        team.mona.patch(f"/prospects/{prospect.pk}", {"name": "Two"})
        with tenant_scope(team.tenant.pk):
            users = ProspectEvent.objects.values_list("pgh_context__user", flat=True)
            assert set(users) == {team.alice.id, team.mona.id}

"""A colleague is let in to one card: to look at it, or to work on it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from guardian.models import UserObjectPermission
from guardian.shortcuts import get_objects_for_user, get_perms

from accounts.users.models import User
from core.tenancy import across_tenants, tenant_scope
from prospects.models import Prospect, ProspectUserObjectPermission
from tests.people import add_user
from tests.prospects.cards_of import card


def url(made, *rest):
    return "/".join(str(part) for part in ("", "prospects", made.pk, "shares", *rest))


def share(made, owner, person, permission="view"):
    return owner.post(url(made), {"user_id": person.id, "permission": permission})


def rows(team):
    with tenant_scope(team.tenant.pk):
        return ProspectUserObjectPermission.objects.count()


@pytest.fixture
def made(team):
    return card(team, owner=team.alice, company_name="Acme")


def writes(person, made):
    """Every way to write to a card."""
    here = f"/prospects/{made.pk}"
    return {
        "patch": person.patch(here, {"name": "Changed"}),
        "data": person.patch(f"{here}/data", {"channel": "x"}),
        "notes": person.post(f"{here}/notes", {"note": "x"}),
        "shares": person.post(f"{here}/shares", {"user_id": person.id, "permission": "change"}),
        "unshare": person.delete(f"{here}/shares/{person.id}"),
    }


class TestSharing:
    def test_for_looking_shows_the_card_at_every_door_that_reads(self, team, made):
        assert team.bob.get(f"/prospects/{made.pk}").status_code == 404
        answer = share(made, team.alice, team.bob)
        assert answer.json() == {
            "user_id": team.bob.id,
            "user_name": team.bob.user.name,
            "permission": "view",
        }
        assert team.bob.get(f"/prospects/{made.pk}").status_code == 200
        listed = team.bob.get("/prospects/list").json()
        assert (listed["recordsTotal"], listed["data"][0]["id"]) == (1, made.pk)
        columns = team.bob.get("/prospects/grouped").json()["categories"]
        assert [record["id"] for column in columns for record in column["records"]] == [made.pk]
        assert sum(entry["count"] for entry in team.bob.get("/prospects/kpis").json()) == 1

    def test_for_looking_lets_nothing_be_written(self, team, made):
        share(made, team.alice, team.bob)
        for door, answer in writes(team.bob, made).items():
            assert (door, answer.status_code) == (door, 403)
            assert answer.json()["error"] == "Forbidden"
        with tenant_scope(team.tenant.pk):
            untouched = Prospect.objects.get(pk=made.pk)
        assert (untouched.name, untouched.channel, rows(team)) == ("", "", 1)

    def test_for_changing_lets_everything_be_written(self, team, made):
        share(made, team.alice, team.bob, "change")
        for door, answer in writes(team.bob, made).items():
            assert (door, answer.status_code) == (door, 200)

    def test_of_an_invisible_card_is_404_at_every_door(self, team, rivals, made):
        for person in (team.bob, rivals.ada):
            for answer in (person.get(url(made)), *writes(person, made).values()):
                assert answer.status_code in (404, 400)
            assert share(made, person, person).status_code == 404
        assert rows(team) == 0

    def test_again_sets_what_they_may_from_now_on(self, team, made):
        for permission, status in (("view", 403), ("change", 200), ("change", 200), ("view", 403)):
            assert share(made, team.alice, team.bob, permission).status_code == 200
            answer = team.bob.patch(f"/prospects/{made.pk}", {"name": "Bob's"})
            assert answer.status_code == status
        assert len(team.alice.get(url(made)).json()) == 1

    def test_with_the_owner_changes_nothing(self, team, made):
        answer = share(made, team.mona, team.alice)
        assert (answer.status_code, answer.json()["permission"]) == (200, "change")
        assert team.mona.get(url(made)).json() == []

    def test_is_for_who_may_change_the_card(self, team, made):
        share(made, team.alice, team.bob, "change")
        carla = add_user(team.tenant, "Carla", "acme", "sales")
        body = {"user_id": carla.pk, "permission": "change"}
        assert team.victor.post(url(made), body).status_code == 403
        for person in (team.bob, team.mona):
            assert person.post(url(made), body).status_code == 200

    def test_gives_no_more_than_the_role_allows(self, team, made):
        """A viewer may be given the right to change, and still only looks."""
        assert share(made, team.alice, team.victor, "change").status_code == 200
        assert team.victor.patch(f"/prospects/{made.pk}", {"name": "x"}).status_code == 403

    def test_two_at_once_is_one_share(self, team, made):
        first, second = share(made, team.alice, team.bob), share(made, team.mona, team.bob)
        assert (first.status_code, second.status_code, rows(team)) == (200, 200, 1)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("user_id", None),
            ("user_id", "x"),
            ("user_id", []),
            ("user_id", True),
            ("user_id", 10**30),
            ("user_id", "\x00"),
            ("permission", None),
            ("permission", "delete"),
            ("permission", ""),
            ("permission", {}),
        ],
    )
    def test_is_400_with_the_field_for_bad_values(self, team, made, field, value):
        body = {"user_id": team.bob.id, "permission": "view", field: value}
        answer = team.alice.post(url(made), body)
        assert answer.status_code == 400
        assert list(answer.json()["validation"]) == [field]

    @pytest.mark.parametrize("body", [[], "text", 7])
    def test_is_422_for_a_body_that_is_no_json_object(self, team, made, body):
        assert team.alice.post(url(made), body).status_code == 422

    def test_knows_no_user_of_another_tenant_and_none_who_left(self, team, rivals, made):
        with tenant_scope(team.tenant.pk):
            User.objects.filter(pk=team.bob.id).update(is_active=False)
        for person in (rivals.bob, team.bob):
            answer = share(made, team.alice, person)
            assert (answer.status_code, rows(team)) == (400, 0)
            assert "does not exist" in answer.json()["validation"]["user_id"][0]


class TestTakingBack:
    def test_ends_it_at_once(self, team, made):
        share(made, team.alice, team.bob, "change")
        assert team.alice.delete(url(made, team.bob.id)).status_code == 200
        assert team.bob.get(f"/prospects/{made.pk}").status_code == 404
        assert (rows(team), team.alice.get(url(made)).json()) == (0, [])

    def test_is_404_where_nothing_is_shared(self, team, rivals, made):
        for user_id in (team.bob.id, rivals.bob.id, 999_999):
            assert team.alice.delete(url(made, user_id)).status_code == 404

    def test_leaves_what_others_were_given(self, team, made):
        carla = add_user(team.tenant, "Carla", "acme", "sales")
        share(made, team.alice, team.bob)
        team.alice.post(url(made), {"user_id": carla.pk, "permission": "change"})
        team.alice.delete(url(made, team.bob.id))
        (left,) = team.alice.get(url(made)).json()
        assert (left["user_id"], left["permission"]) == (carla.pk, "change")


class TestAShare:
    def test_goes_with_its_user(self, team, made):
        share(made, team.alice, team.bob, "change")
        with tenant_scope(team.tenant.pk):
            team.bob.user.delete()
        assert rows(team) == 0

    def test_of_a_user_who_left_opens_nothing(self, team, made):
        share(made, team.alice, team.bob, "change")
        with tenant_scope(team.tenant.pk):
            User.objects.filter(pk=team.bob.id).update(is_active=False)
        assert team.bob.get(f"/prospects/{made.pk}").status_code == 401

    def test_cannot_leave_its_tenant_whatever_code_stores_it(self, team, rivals, made):
        share(made, team.alice, team.bob)
        with across_tenants():
            known = ProspectUserObjectPermission.objects.get()
            foreign = {"tenant_id": rivals.tenant.pk, "user_id": rivals.bob.id}
            for change in ({"user_id": rivals.bob.id}, foreign):
                with pytest.raises(IntegrityError), transaction.atomic():
                    ProspectUserObjectPermission.objects.filter(pk=known.pk).update(**change)

    def test_is_guardians_and_leaves_its_generic_table_empty(self, team, made):
        share(made, team.alice, team.bob, "change")
        with tenant_scope(team.tenant.pk):
            assert set(get_perms(team.bob.user, made)) == {"view_prospect", "change_prospect"}
            for right in ("view", "change"):
                found = get_objects_for_user(
                    team.bob.user, f"prospects.{right}_prospect", accept_global_perms=False
                )
                assert list(found) == [made]
        assert not UserObjectPermission.objects.exists()

    def test_is_kept_in_the_history_with_who_gave_it(self, team, made):
        share(made, team.alice, team.bob)
        team.mona.delete(url(made, team.bob.id))
        event = ProspectUserObjectPermission.tenant_events.rel.related_model
        with tenant_scope(team.tenant.pk):
            kept = [
                (entry.pgh_label, entry.pgh_context["user"], entry.user_id)
                for entry in event.objects.order_by("pgh_id")
            ]
        assert kept == [
            ("insert", team.alice.id, team.bob.id),
            ("delete", team.mona.id, team.bob.id),
        ]


class TestTheImport:
    def test_offers_no_change_to_a_card_that_is_shared_for_looking(self, team):
        made = card(team, owner=team.alice, name="Jo", email="jo@acme.com")
        row = [{"email": "jo@acme.com", "name": "Joana"}]
        shown = []
        for permission in ("view", "change"):
            share(made, team.alice, team.bob, permission)
            shown.append(team.bob.post("/prospects/process", row).json())
        assert (shown[0]["updates"], shown[0]["errors"][0]["existing_id"]) == ([], made.pk)
        assert (shown[1]["updates"][0]["id"], shown[1]["errors"]) == (made.pk, [])


class TestCost:
    def test_of_a_write_is_the_same_for_who_was_let_in(self, team, made, django_assert_num_queries):
        share(made, team.alice, team.bob, "change")
        counts = []
        for person in (team.alice, team.bob):
            with django_assert_num_queries(6) as captured:
                person.post(f"/prospects/{made.pk}/notes", {"note": "x"})
            counts.append(len(captured))
        assert counts[0] == counts[1]

    def test_of_reading_shares_does_not_grow_with_them(self, team, made, django_assert_num_queries):
        for number in range(5):
            user = add_user(team.tenant, f"User{number}", "acme", "sales")
            team.alice.post(url(made), {"user_id": user.pk, "permission": "change"})
        with django_assert_num_queries(3):
            assert len(team.alice.get(url(made)).json()) == 5

    def test_of_the_third_arm_is_an_index_look_up(self, team, made):
        with tenant_scope(team.tenant.pk), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            sql, params = Prospect.objects.visible_to(team.bob.user).query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", params)
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "prospects_prospectuserobjectpermission_unique" in plan
        assert "Seq Scan" not in plan

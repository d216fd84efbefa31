"""For whom is this code acting? Rows of the board's categories stand for every tenant's table."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import RequestFactory

from core.middleware import TenantMiddleware
from core.tenancy import (
    TenantNotSet,
    WrongTenant,
    across_tenants,
    current_tenant,
    enter_tenant,
    no_tenant,
    tenant_scope,
)
from prospects.models import FollowUpCategory, FollowUpNote, Prospect
from tests.prospects.cards_of import card


def named(team, name="extra"):
    return FollowUpCategory(tenant_id=team.tenant.pk, name=name, label=name)


@pytest.fixture
def theirs(rivals):
    """A category of the other tenant."""
    with tenant_scope(rivals.tenant.pk):
        return FollowUpCategory.objects.in_order()[0]


class TestAsNobody:
    """The state in which requests, tasks and tests start."""

    def test_building_a_query_is_fine(self):
        queryset = FollowUpCategory.objects.filter(name="x").order_by("name")
        assert queryset.exclude(kind="won").union(queryset).query

    @pytest.mark.parametrize(
        "run",
        [
            list,
            len,
            lambda rows: rows.count(),
            lambda rows: rows.exists(),
            lambda rows: rows.first(),
            lambda rows: rows.get(pk=1),
            lambda rows: rows.update(label="x"),
            lambda rows: rows.delete(),
            lambda rows: rows.union(rows).count(),
            lambda rows: list(rows.exclude(name="x").values("pk")),
            lambda rows: list(Prospect.all_objects.filter(category__in=rows)),
            lambda rows: rows.create(name="x"),
            lambda rows: rows.bulk_create([FollowUpCategory(name="x")]),
        ],
    )
    def test_running_one_raises(self, team, run):
        with pytest.raises(TenantNotSet):
            run(FollowUpCategory.objects.all())

    def test_saving_a_row_raises_though_it_names_its_tenant(self, team):
        with pytest.raises(TenantNotSet):
            named(team).save()

    def test_a_query_built_before_is_of_the_tenant_in_which_it_runs(self, team, rivals):
        built = FollowUpCategory.objects.values_list("tenant_id", flat=True).distinct()
        for one in (team, rivals):
            with tenant_scope(one.tenant.pk):
                assert set(built.all()) == {one.tenant.pk}

    def test_a_scope_needs_a_tenant(self):
        with pytest.raises(TenantNotSet):
            tenant_scope(None)


class TestInATenant:
    def test_only_its_rows_are_seen(self, in_tenant, theirs):
        rows = FollowUpCategory.objects
        assert set(rows.values_list("tenant_id", flat=True)) == {in_tenant.tenant.pk}
        assert not rows.filter(pk=theirs.pk).exists()
        assert theirs not in rows.all()

    def test_only_its_rows_are_changed(self, in_tenant, rivals, theirs):
        FollowUpCategory.objects.update(label="changed")
        assert FollowUpCategory.objects.filter(pk=theirs.pk).update(label="changed") == 0
        with across_tenants():
            changed = FollowUpCategory.objects.filter(label="changed")
            assert set(changed.values_list("tenant_id", flat=True)) == {in_tenant.tenant.pk}

    def test_a_new_row_is_its_own(self, in_tenant):
        for row in (
            FollowUpCategory.objects.create(name="one"),
            *FollowUpCategory.objects.bulk_create([FollowUpCategory(name="two")]),
            FollowUpCategory.objects.get_or_create(name="three")[0],
        ):
            assert row.tenant_id == in_tenant.tenant.pk

    def test_writing_to_another_raises(self, in_tenant, rivals, theirs):
        mine = FollowUpCategory.objects.in_order()[0]
        mine.tenant_id = rivals.tenant.pk
        for write in (
            named(rivals).save,
            mine.save,
            theirs.save,
            theirs.delete,
            lambda: FollowUpCategory.objects.bulk_create([named(rivals)]),
            lambda: FollowUpCategory.objects.update(tenant=rivals.tenant),
            lambda: FollowUpCategory.objects.update(tenant_id=rivals.tenant.pk),
            lambda: FollowUpCategory.objects.create(tenant=rivals.tenant, name="x"),
        ):
            with pytest.raises(WrongTenant):
                write()

    def test_related_managers_see_and_make_its_rows_alone(self, team, rivals):
        prospect = card(team)
        with tenant_scope(team.tenant.pk):
            note = prospect.notes.create(note="called")
            assert note.tenant_id == team.tenant.pk
            assert list(prospect.notes.all()) == [note]
        with tenant_scope(rivals.tenant.pk):
            assert list(prospect.notes.all()) == []
            with pytest.raises(TenantNotSet), no_tenant():
                list(prospect.notes.all())

    def test_hides_what_was_deleted_but_not_from_all_objects(self, team):
        prospect = card(team)
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=prospect.pk).update(deleted_at="2026-01-01T00:00Z")
            assert not Prospect.objects.filter(pk=prospect.pk).exists()
            assert Prospect.all_objects.filter(pk=prospect.pk).exists()

    def test_a_scope_inside_another_gives_back_the_outer_one(self, team, rivals):
        with tenant_scope(team.tenant.pk):
            with tenant_scope(rivals.tenant.pk), across_tenants():
                assert current_tenant() is None
            assert current_tenant() == team.tenant.pk

    def test_a_scope_left_by_an_exception_is_closed(self, team):
        with pytest.raises(ZeroDivisionError), tenant_scope(team.tenant.pk):
            _ = 1 / 0
        with pytest.raises(TenantNotSet):
            current_tenant()


@pytest.mark.usefixtures("everyone")
class TestAcrossTenants:
    def test_every_row_is_seen(self, team, rivals):
        seen = FollowUpCategory.objects.values_list("tenant_id", flat=True)
        assert {team.tenant.pk, rivals.tenant.pk} <= set(seen)

    def test_a_new_row_must_name_its_tenant(self, team):
        with pytest.raises(TenantNotSet):
            FollowUpCategory.objects.create(name="x")
        named(team).save()

    def test_exclusions_and_subqueries_still_work(self, team, rivals):
        rows = FollowUpCategory.objects.exclude(pk__in=FollowUpCategory.objects.all())
        assert list(rows) == []


class TestMiddleware:
    def test_starts_a_request_as_nobody_and_closes_what_it_entered(self, team):
        seen = []

        def view(request):
            with pytest.raises(TenantNotSet):
                current_tenant()
            enter_tenant(team.tenant.pk)
            seen.append(current_tenant())

        with across_tenants():
            TenantMiddleware(view)(RequestFactory().get("/"))
            assert current_tenant() is None
        assert seen == [team.tenant.pk]

    def test_leaves_nothing_after_a_request(self, team):
        assert team.alice.get("/api/v1/users").status_code == 200
        with pytest.raises(TenantNotSet):
            current_tenant()

    def test_leaves_nothing_after_a_request_that_failed(self, team):
        assert team.alice.get("/api/v1/users/0").status_code == 404
        with pytest.raises(TenantNotSet):
            current_tenant()

    def test_serves_callers_of_two_tenants_in_turn_on_one_thread(self, team, rivals):
        for one in (team, rivals, team):
            body = one.ada.get("/api/v1/users", {"search": "ada"}).json()
            assert [user["id"] for user in body["data"]] == [one.ada.id]


class TestThreads:
    def test_start_as_nobody_and_keep_theirs_to_themselves(self, team):
        seen = []

        def work():
            try:
                current_tenant()
            except TenantNotSet:
                seen.append("nobody")
            enter_tenant(12)

        with tenant_scope(team.tenant.pk):
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            assert current_tenant() == team.tenant.pk
        assert seen == ["nobody"]


class TestTheSql:
    def test_names_the_tenant_in_a_join_free_condition(self, in_tenant, django_assert_num_queries):
        with django_assert_num_queries(1) as captured:
            list(FollowUpNote.objects.all())
        assert f'"tenant_id" = {in_tenant.tenant.pk}' in captured[0]["sql"]
        assert "JOIN" not in captured[0]["sql"]

    def test_reaches_raw_cursors_not_at_all(self, in_tenant, rivals):
        """Raw SQL is on its own: where it is used it names the tenant itself."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT tenant_id) FROM prospects_followupcategory")
            assert cursor.fetchone() == (2,)

"""No code, not even raw SQL, can store a link from one tenant's row to another's."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.writer import MigrationWriter

from core.fields import CompositeForeignKey, TenantForeignKey
from core.tenancy import across_tenants, tenant_scope
from prospects.models import FollowUpCategory, FollowUpNote, Prospect, TeamAssignment
from tests.prospects.cards_of import card, category


def execute(sql: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def prospect(team):
    """A card of Alice's."""
    return card(team, owner=team.alice)


class TestLinkAcrossTenants:
    def test_is_refused_to_raw_sql(self, prospect, rivals):
        with pytest.raises(IntegrityError, match="prospects_prospect_owner_in_tenant"):
            execute(
                "UPDATE prospects_prospect SET owner_id = %s WHERE id = %s",
                rivals.ada.id,
                prospect.pk,
            )

    def test_is_refused_to_the_orm(self, team, prospect, rivals):
        theirs = category(rivals, "contacted")
        with (
            tenant_scope(team.tenant.pk),
            pytest.raises(IntegrityError, match="category_in_tenant"),
            transaction.atomic(),
        ):
            Prospect.objects.filter(pk=prospect.pk).update(category_id=theirs.pk)

    def test_is_refused_to_bulk_create_across_tenants(self, team, prospect, rivals):
        note = FollowUpNote(tenant=rivals.tenant, prospect=prospect, note="spied")
        with (
            across_tenants(),
            pytest.raises(IntegrityError, match="prospect_in_tenant"),
            transaction.atomic(),
        ):
            FollowUpNote.objects.bulk_create([note])

    def test_is_refused_to_a_row_that_moves_to_another_tenant(self, prospect, rivals):
        with pytest.raises(IntegrityError, match="_in_tenant"):
            execute(
                "UPDATE prospects_prospect SET tenant_id = %s WHERE id = %s",
                rivals.tenant.pk,
                prospect.pk,
            )

    def test_within_a_tenant_is_stored(self, team, prospect):
        execute(
            "UPDATE prospects_prospect SET owner_id = %s WHERE id = %s", team.bob.id, prospect.pk
        )
        with tenant_scope(team.tenant.pk):
            prospect.refresh_from_db()
        assert prospect.owner_id == team.bob.id


class TestDeletingTheTarget:
    def test_set_null_empties_its_column_and_keeps_the_tenant(self, team, prospect):
        execute("DELETE FROM accounts_session WHERE user_id = %s", team.alice.id)
        execute("DELETE FROM accounts_user WHERE id = %s", team.alice.id)
        with tenant_scope(team.tenant.pk):
            prospect.refresh_from_db()
        assert (prospect.owner_id, prospect.tenant_id) == (None, team.tenant.pk)

    def test_cascade_takes_the_row_along(self, team, prospect):
        with tenant_scope(team.tenant.pk):
            TeamAssignment.objects.create(prospect=prospect, role="kae", user=team.bob.user)
        execute("DELETE FROM accounts_user WHERE id = %s", team.bob.id)
        with tenant_scope(team.tenant.pk):
            assert not TeamAssignment.objects.exists()

    def test_protect_refuses(self, prospect):
        with pytest.raises(IntegrityError, match="category_in_tenant"):
            execute("DELETE FROM prospects_followupcategory WHERE id = %s", prospect.category_id)

    def test_the_orm_refuses_a_protected_target_in_its_own_words(self, team, prospect):
        with tenant_scope(team.tenant.pk), pytest.raises(models.ProtectedError):
            FollowUpCategory.objects.filter(pk=prospect.category_id).delete()


class TestDeferring:
    @pytest.mark.django_db(transaction=True)
    def test_lets_a_transaction_store_the_link_before_its_target(self, team):
        gone = category(team, "contacted")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            prospect = card(team, category_name="contacted")
            cursor.execute("DELETE FROM prospects_followupcategory WHERE id = %s", [gone.pk])
            with tenant_scope(team.tenant.pk):
                gone.save(force_insert=True)
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.get(pk=prospect.pk).category_id == gone.pk

    def test_is_not_the_default(self, team):
        """An error names the statement that caused it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT condeferrable, condeferred FROM pg_constraint "
                "WHERE conname = 'prospects_prospect_owner_in_tenant'"
            )
            assert cursor.fetchone() == (True, False)


class TestInMigrations:
    def test_the_constraint_is_written_out_and_compares_equal(self):
        constraint = CompositeForeignKey(
            name="a_b_in_tenant", column="b_id", to_table="b", on_delete="CASCADE"
        )
        source, _ = MigrationWriter.serialize(constraint)
        assert "core.fields.CompositeForeignKey(" in source
        assert constraint == constraint.clone()
        assert hash(constraint) == hash(constraint.clone())
        other = CompositeForeignKey(
            name="a_b_in_tenant", column="b_id", to_table="b", on_delete="NO ACTION"
        )
        assert constraint != other

    def test_the_field_asks_for_no_plain_key_beside_it(self):
        assert TenantForeignKey("accounts.User", models.CASCADE).db_constraint is False

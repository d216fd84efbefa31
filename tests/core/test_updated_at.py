from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from accounts.models import Tenant, User
from prospects.models import FollowUpCategory

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def row(in_tenant):
    """A row that was last changed long ago."""
    return FollowUpCategory.objects.create(name="old", label="old", updated_at=LONG_AGO)


class TestUpdatedAt:
    """The database sets it, so that it holds whoever writes."""

    def test_moves_with_save(self, row):
        row.label = "new"
        row.save()
        row.refresh_from_db()
        assert row.updated_at > LONG_AGO

    def test_moves_with_queryset_update(self, row):
        FollowUpCategory.objects.filter(pk=row.pk).update(label="new")
        row.refresh_from_db()
        assert row.updated_at > LONG_AGO

    def test_moves_with_bulk_update(self, row):
        row.label = "new"
        FollowUpCategory.objects.bulk_update([row], ["label"])
        row.refresh_from_db()
        assert row.updated_at > LONG_AGO

    def test_moves_with_raw_sql(self, row):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE prospects_followupcategory SET label = 'new'")
        row.refresh_from_db()
        assert row.updated_at > LONG_AGO

    def test_stays_when_nothing_changes(self, row):
        FollowUpCategory.objects.filter(pk=row.pk).update(label="old")
        row.refresh_from_db()
        assert row.updated_at == LONG_AGO

    def test_moves_on_a_tenant(self, db):
        tenant = Tenant.objects.create(name="Old", slug="old", updated_at=LONG_AGO)
        Tenant.objects.update(name="New")
        tenant.refresh_from_db()
        assert tenant.updated_at > LONG_AGO

    def test_moves_on_a_user(self, in_tenant):
        fields = {"tenant": in_tenant.tenant, "email": "old@acme.test", "role": "sales"}
        user = User.objects.create(name="Old", updated_at=LONG_AGO, **fields)
        User.objects.filter(pk=user.pk).update(name="New")
        user.refresh_from_db()
        assert user.updated_at > LONG_AGO

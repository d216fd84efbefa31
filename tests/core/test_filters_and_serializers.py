"""Shapes in: foreign keys and names that are taken are looked up inside the caller's tenant."""

from __future__ import annotations

import pytest
from rest_framework import serializers

from core.api.errors import flat_messages
from core.api.filters import TenantFilterSet
from core.api.serializers import ChangeSerializer, WriteSerializer
from core.tenancy import tenant_scope
from prospects.models import FollowUpCategory, FollowUpNote
from tests.prospects.cards_of import card


class NoteFilter(TenantFilterSet):
    """Notes of a prospect."""

    class Meta:
        model = FollowUpNote
        fields = ["prospect"]


class CategorySerializer(WriteSerializer):
    """A column of the board."""

    class Meta:
        model = FollowUpCategory
        fields = ["name", "label"]


class NoteSerializer(WriteSerializer):
    """A note about a prospect."""

    class Meta:
        model = FollowUpNote
        fields = ["prospect", "note"]


class TestForeignKeyFilter:
    def test_knows_the_tenants_rows(self, in_tenant):
        prospect = card(in_tenant)
        assert NoteFilter({"prospect": str(prospect.pk)}, FollowUpNote.objects.all()).is_valid()

    @pytest.mark.parametrize("value", ["x", "0", "9" * 30, "-1"])
    def test_refuses_what_does_not_exist(self, in_tenant, value):
        assert not NoteFilter({"prospect": value}, FollowUpNote.objects.all()).is_valid()

    def test_refuses_another_tenants_row_in_the_same_words(self, in_tenant, rivals):
        theirs = NoteFilter({"prospect": str(card(rivals).pk)}, FollowUpNote.objects.all())
        nobodys = NoteFilter({"prospect": "0"}, FollowUpNote.objects.all())
        assert not theirs.is_valid()
        assert theirs.errors == nobodys.errors


class TestWriteSerializer:
    def test_knows_the_tenants_rows(self, in_tenant):
        sent = NoteSerializer(data={"prospect": card(in_tenant).pk, "note": "called"})
        assert sent.is_valid(), sent.errors
        assert sent.save().tenant_id == in_tenant.tenant.pk

    def test_refuses_another_tenants_row_as_one_that_does_not_exist(self, in_tenant, rivals):
        theirs = card(rivals).pk
        sent = NoteSerializer(data={"prospect": theirs, "note": "spied"})
        assert not sent.is_valid()
        assert sent.errors["prospect"][0].code == "does_not_exist"

    def test_asks_the_constraints_before_the_database_does(self, in_tenant):
        sent = CategorySerializer(data={"name": "CONTACTED", "label": "Again"})
        assert not sent.is_valid()
        assert set(flat_messages(sent.errors)) == {"non_field_errors"}

    def test_lets_a_row_keep_its_own_name(self, in_tenant):
        row = FollowUpCategory.objects.get(name="contacted")
        sent = CategorySerializer(row, data={"name": "contacted", "label": "New"}, partial=True)
        assert sent.is_valid(), sent.errors

    def test_lets_two_tenants_use_one_name(self, team, rivals):
        with tenant_scope(rivals.tenant.pk):
            FollowUpCategory.objects.create(name="theirs")
        with tenant_scope(team.tenant.pk):
            assert CategorySerializer(data={"name": "theirs", "label": "Ours"}).is_valid()


class TestChangeSerializer:
    @pytest.mark.parametrize("options", [{}, {"default": 1}])
    def test_refuses_a_field_that_cannot_be_left_out(self, options):
        with pytest.raises(TypeError, match="number cannot be left out"):
            type("Wrong", (ChangeSerializer,), {"number": serializers.IntegerField(**options)})

    def test_reads_what_was_sent_and_nothing_else(self):
        fields = {name: serializers.IntegerField(required=False) for name in ("some", "other")}
        change = type("Change", (ChangeSerializer,), fields)(data={"some": "1", "unknown": 2})
        assert change.is_valid()
        assert change.validated_data == {"some": 1}

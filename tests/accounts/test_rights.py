from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction

from accounts.users.models import User
from accounts.users.roles import role_codes
from accounts.users.services import grant_permissions
from core.errors import NotAllowed
from core.tenancy import tenant_scope


class TestRoles:
    @pytest.mark.parametrize(
        ("role", "held"),
        [
            ("admin", {"crm-access", "crm-menu", "crm-partners", "all-prospects"}),
            ("manager", {"crm-access", "crm-menu", "crm-partners", "all-prospects"}),
            ("sales", {"crm-access", "crm-menu"}),
            ("viewer", {"crm-access", "crm-menu", "all-prospects"}),
            ("", set()),
        ],
    )
    def test_hold_the_rights_of_the_contract(self, role, held):
        crm = {"crm-access", "crm-menu", "crm-partners", "all-prospects"}
        assert {code for code in crm if f"accounts.{code}" in role_codes(role)} == held

    def test_of_a_viewer_write_nothing(self):
        writing = {code for code in role_codes("viewer") if ".view_" not in code}
        assert writing == {"accounts.crm-access", "accounts.crm-menu", "accounts.all-prospects"}

    def test_of_sales_delete_nothing(self):
        assert not {code for code in role_codes("sales") if ".delete_" in code}

    def test_name_rights_that_exist(self, db):
        known = {
            f"{label}.{codename}"
            for label, codename in Permission.objects.values_list(
                "content_type__app_label", "codename"
            )
        }
        for role in User.Role:
            assert role_codes(role) - known == set()

    def test_of_the_deactivated_are_none(self):
        user = User(role="admin", is_active=False)
        user.remember_extra_codes([])
        assert user.permission_codes == frozenset()
        assert not user.has_perm("accounts.crm-access")
        assert not user.has_module_perms("prospects")


@pytest.mark.usefixtures("in_tenant")
class TestGrantPermissions:
    @pytest.fixture
    def all_prospects(self):
        return Permission.objects.get(codename="all-prospects")

    def test_gives_what_the_giver_holds(self, team, all_prospects):
        alice = team.alice.user
        grant_permissions(user=alice, permissions=[all_prospects], by=team.mona.user)
        assert alice.has_perm("accounts.all-prospects")
        assert User.objects.get(pk=alice.pk).has_perm("accounts.all-prospects")

    def test_refuses_what_the_giver_does_not_hold(self, team, all_prospects):
        with pytest.raises(NotAllowed, match="all-prospects"):
            grant_permissions(user=team.bob.user, permissions=[all_prospects], by=team.alice.user)
        assert not User.objects.get(pk=team.bob.id).has_perm("accounts.all-prospects")

    def test_lets_stay_what_somebody_else_gave(self, team, all_prospects):
        grant_permissions(user=team.bob.user, permissions=[all_prospects], by=team.mona.user)
        grant_permissions(user=team.bob.user, permissions=[all_prospects], by=team.alice.user)
        assert team.bob.user.has_perm("accounts.all-prospects")

    def test_takes_away(self, team, all_prospects):
        grant_permissions(user=team.bob.user, permissions=[all_prospects], by=team.mona.user)
        grant_permissions(user=team.bob.user, permissions=[], by=team.mona.user)
        assert not User.objects.get(pk=team.bob.id).has_perm("accounts.all-prospects")


class TestOperators:
    def test_belong_to_no_tenant_and_may_everything(self, db):
        user = User.objects.create_superuser("OPS@example.test", "x", name="Ops")
        assert user.email == "ops@example.test"
        assert user.has_perm("whatever.at-all")

    @pytest.mark.parametrize("change", [{"is_superuser": True}, {"role": ""}, {"tenant_id": None}])
    def test_and_people_of_a_tenant_do_not_mix(self, team, change):
        with (
            tenant_scope(team.tenant.pk),
            pytest.raises(IntegrityError, match="of_a_tenant_or_operator"),
            transaction.atomic(),
        ):
            User.objects.filter(pk=team.alice.id).update(**change)

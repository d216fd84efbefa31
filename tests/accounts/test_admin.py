from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import Session, Tenant, User
from core.tenancy import across_tenants, tenant_scope
from prospects.models import FollowUpCategory
from tests.people import PASSWORD, Person, Team
from tests.staff import errors_of, filled_in, make_operator, signed_in

NEW = {
    "name": "Nora New",
    "email": "Nora@acme.test",
    "role": "sales",
    "password1": "another long secret",
    "password2": "another long secret",
}


def of_user(name: str, *args: Any) -> str:
    return reverse(f"admin:accounts_user_{name}", args=args)


def again(person: Person) -> User:
    """The user as the database knows them."""
    with across_tenants():
        return User.objects.get(pk=person.id)


@pytest.fixture
def ada(team: Team) -> Client:
    return signed_in(team.ada.user)


class TestAddUser:
    def test_creates_a_colleague_of_the_own_tenant_who_can_sign_in(
        self, ada: Client, team: Team
    ) -> None:
        ada.post(of_user("add"), NEW)
        with across_tenants():
            nora = User.objects.get(email="nora@acme.test")
        assert (nora.tenant_id, nora.role, nora.is_superuser) == (team.tenant.pk, "sales", False)
        assert nora.check_password("another long secret")

    def test_ignores_fields_that_the_form_does_not_have(
        self, ada: Client, team: Team, rivals: Team
    ) -> None:
        group = Group.objects.create(name="everything")
        more = {"is_superuser": "on", "tenant": rivals.tenant.pk, "groups": [group.pk]}
        ada.post(of_user("add"), NEW | more)
        with across_tenants():
            nora = User.objects.get(email="nora@acme.test")
        assert (nora.tenant_id, nora.is_superuser) == (team.tenant.pk, False)
        assert not nora.groups.exists()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"email": "ada@rivals.test"}, "email"),
            ({"email": "no address"}, "email"),
            ({"password2": "something else"}, "password2"),
            ({"role": "operator"}, "role"),
            ({"role": ""}, "role"),
            ({"name": "x" * 300}, "name"),
        ],
    )
    def test_says_what_is_wrong(
        self, ada: Client, rivals: Team, changes: dict[str, str], field: str
    ) -> None:
        answer = ada.post(of_user("add"), NEW | changes)
        assert field in errors_of(answer)
        with across_tenants():
            assert not User.objects.filter(name="Nora New").exists()

    def test_refuses_a_weak_password(self, ada: Client) -> None:
        answer = ada.post(of_user("add"), NEW | {"password1": "12345", "password2": "12345"})
        assert errors_of(answer)


class TestEditUser:
    def test_changes_role_and_whether_they_may_sign_in(self, ada: Client, team: Team) -> None:
        path = of_user("change", team.bob.id)
        changes = filled_in(ada.get(path), role="viewer", name="Bob B.")
        changes.pop("is_active")
        ada.post(path, changes)
        bob = again(team.bob)
        assert (bob.role, bob.name, bob.is_active) == ("viewer", "Bob B.", False)
        assert team.bob.get("/api/v1/auth/me").status_code == 401

    def test_cannot_touch_superuser_tenant_groups_email_or_password(
        self, ada: Client, team: Team, rivals: Team
    ) -> None:
        group = Group.objects.create(name="everything")
        permission = Permission.objects.get(codename="add_tenant")
        path = of_user("change", team.bob.id)
        forged = {
            "is_superuser": "on",
            "tenant": rivals.tenant.pk,
            "groups": [group.pk],
            "user_permissions": [permission.pk],
            "email": "mallory@acme.test",
            "password": "x",
        }
        before = again(team.bob)
        ada.post(path, filled_in(ada.get(path), **forged))
        bob = again(team.bob)
        assert not bob.is_superuser
        assert (bob.tenant_id, bob.email, bob.password) == (
            before.tenant_id,
            before.email,
            before.password,
        )
        assert not bob.groups.exists()
        assert not bob.user_permissions.exists()

    def test_grants_permissions_on_the_business(self, ada: Client, team: Team) -> None:
        path = of_user("change", team.bob.id)
        wanted = Permission.objects.get(codename="all-prospects")
        ada.post(path, filled_in(ada.get(path), extra_permissions=[wanted.pk]))
        assert again(team.bob).has_perm("accounts.all-prospects")

    @pytest.mark.parametrize("codename", ["add_tenant", "change_user", "add_logentry"])
    def test_does_not_offer_permissions_beyond_it(
        self, ada: Client, team: Team, codename: str
    ) -> None:
        path = of_user("change", team.bob.id)
        forbidden = Permission.objects.get(codename=codename)
        answer = ada.post(path, filled_in(ada.get(path), extra_permissions=[forbidden.pk]))
        assert "extra_permissions" in errors_of(answer)
        assert not again(team.bob).extra_codes

    def test_nobody_raises_themselves(self, team: Team) -> None:
        self._may_change_users(team.bob.user)
        bob = signed_in(team.bob.user)
        path = of_user("change", team.bob.id)
        offered = {
            value
            for value, _label in bob.get(path).context["adminform"].form.fields["role"].choices
        }
        assert offered == {"sales"}
        for forged in ({"role": "admin"}, {"role": "manager"}):
            bob.post(path, filled_in(bob.get(path), **forged))
        all_prospects = Permission.objects.get(codename="all-prospects")
        kept = list(again(team.bob).user_permissions.values_list("pk", flat=True))
        forged = [*kept, all_prospects.pk]
        bob.post(path, filled_in(bob.get(path), extra_permissions=forged))
        bob_now = again(team.bob)
        assert bob_now.role == "sales"
        assert not bob_now.has_perm("accounts.all-prospects")

    def test_nobody_takes_over_who_may_do_more(self, team: Team) -> None:
        self._may_change_users(team.bob.user)
        bob = signed_in(team.bob.user)
        before = again(team.ada)
        form = {"name": "x", "role": "sales", "is_active": "on"}
        assert bob.post(of_user("change", team.ada.id), form).status_code == 403
        new = {"password1": "taken over now", "password2": "taken over now"}
        path = reverse("admin:accounts_user_change_password", args=(team.ada.id,))
        assert bob.post(path, new).status_code == 403
        assert again(team.ada).password == before.password
        assert again(team.ada).role == "admin"

    def _may_change_users(self, user: User) -> None:
        codes = ("view_user", "change_user")
        user.user_permissions.set(Permission.objects.filter(codename__in=codes))

    def test_admins_cannot_lock_themselves_out(self, ada: Client, team: Team) -> None:
        path = of_user("change", team.ada.id)
        answer = ada.post(path, filled_in(ada.get(path), role="viewer"))
        assert errors_of(answer)
        assert again(team.ada).role == "admin"

    def test_the_last_admin_stays(self, team: Team) -> None:
        browser = signed_in(make_operator())
        path = of_user("change", team.ada.id)
        answer = browser.post(path, filled_in(browser.get(path), role="viewer"))
        assert "admin" in str(errors_of(answer))
        assert again(team.ada).role == "admin"

    def test_managers_only_look(self, team: Team) -> None:
        mona = signed_in(team.mona.user)
        path = of_user("change", team.bob.id)
        assert mona.get(path).status_code == 200
        assert mona.post(path, {"name": "x", "role": "viewer"}).status_code == 403

    def test_sales_people_do_not_see_the_page(self, team: Team) -> None:
        assert signed_in(team.alice.user).get(of_user("changelist")).status_code == 403

    def test_colleagues_of_another_tenant_do_not_exist(self, ada: Client, rivals: Team) -> None:
        path = of_user("change", rivals.bob.id)
        assert ada.get(path).status_code == 404
        assert ada.post(path, {"name": "x", "role": "viewer"}).status_code == 404
        path = reverse("admin:accounts_user_change_password", args=(rivals.bob.id,))
        assert ada.get(path).status_code == 403

    def test_operators_are_not_listed(self, ada: Client, team: Team) -> None:
        operator = make_operator()
        assert ada.get(of_user("change", operator.pk)).status_code == 404
        assert "ops@crm.test" not in ada.get(of_user("changelist")).content.decode()

    def test_hashes_cannot_be_asked_about(self, ada: Client) -> None:
        answer = ada.get(of_user("changelist"), {"password__startswith": "md5"})
        assert answer.status_code == 400

    def test_people_are_never_deleted(self, ada: Client, team: Team) -> None:
        assert ada.post(of_user("delete", team.bob.id), {"post": "yes"}).status_code == 403
        assert signed_in(make_operator()).get(of_user("delete", team.bob.id)).status_code == 403


class TestNewPassword:
    def test_is_set_and_ends_the_sessions(self, ada: Client, team: Team) -> None:
        path = reverse("admin:accounts_user_change_password", args=(team.bob.id,))
        assert ada.get(path).status_code == 200
        new = {"password1": "a brand new secret", "password2": "a brand new secret"}
        ada.post(path, new)
        assert again(team.bob).check_password("a brand new secret")
        assert team.bob.get("/api/v1/auth/me").status_code == 401

    def test_follows_the_rules(self, ada: Client, team: Team) -> None:
        path = reverse("admin:accounts_user_change_password", args=(team.bob.id,))
        answer = ada.post(path, {"password1": "12345678", "password2": "12345678"})
        assert errors_of(answer)
        assert again(team.bob).check_password(PASSWORD)

    def test_of_oneself_keeps_one_signed_in(self, ada: Client, team: Team) -> None:
        path = reverse("admin:accounts_user_change_password", args=(team.ada.id,))
        ada.post(path, {"password1": "a brand new secret", "password2": "a brand new secret"})
        assert ada.get(reverse("admin:index")).status_code == 200


class TestSessions:
    def test_are_revoked_from_the_list(self, ada: Client, team: Team) -> None:
        with tenant_scope(team.tenant.pk):
            session = Session.objects.get(user=team.bob.user)
        path = reverse("admin:accounts_session_changelist")
        ada.post(path, {"action": "revoke", "_selected_action": [session.pk]})
        assert team.bob.get("/api/v1/auth/me").status_code == 401
        assert team.alice.get("/api/v1/auth/me").status_code == 200

    def test_of_another_tenant_stay(self, ada: Client, rivals: Team) -> None:
        with tenant_scope(rivals.tenant.pk):
            session = Session.objects.get(user=rivals.bob.user)
        path = reverse("admin:accounts_session_changelist")
        ada.post(path, {"action": "revoke", "_selected_action": [session.pk]})
        assert rivals.bob.get("/api/v1/auth/me").status_code == 200

    def test_are_not_for_managers(self, team: Team) -> None:
        path = reverse("admin:accounts_session_changelist")
        assert signed_in(team.mona.user).get(path).status_code == 403


class TestTenants:
    def test_an_admin_edits_the_own_one(self, ada: Client, team: Team) -> None:
        path = reverse("admin:accounts_tenant_change", args=(team.tenant.pk,))
        form = filled_in(ada.get(path), name="Acme SA", time_zone="America/Bogota")
        ada.post(path, form | {"is_active": "", "slug": "stolen"})
        tenant = Tenant.objects.get(pk=team.tenant.pk)
        assert (tenant.name, tenant.time_zone) == ("Acme SA", "America/Bogota")
        assert tenant.is_active
        assert tenant.slug == team.tenant.slug

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *(
                ("time_zone", "Mars/Olympus"),
                ("currency", "pesos"),
                ("language", "xx"),
                ("name", ""),
            ),
            *(
                ("remind_days_before", "0"),
                ("remind_days_after", "366"),
                ("remind_days_after", "x"),
            ),
            *(("remind_days_after", "1,2,3,4,5,6"), ("document_link_days", "0")),
        ],
    )
    def test_says_what_is_wrong(self, ada: Client, team: Team, field: str, value: str) -> None:
        path = reverse("admin:accounts_tenant_change", args=(team.tenant.pk,))
        assert field in errors_of(ada.post(path, filled_in(ada.get(path), **{field: value})))

    def test_an_admin_says_when_customers_are_reminded(self, ada: Client, team: Team) -> None:
        path = reverse("admin:accounts_tenant_change", args=(team.tenant.pk,))
        given = {"remind_days_before": "7, 1", "remind_days_after": "30,3,3"}
        ada.post(path, filled_in(ada.get(path), **given))
        team.tenant.refresh_from_db()
        assert (team.tenant.remind_days_before, team.tenant.remind_days_after) == ([1, 7], [3, 30])
        ada.post(path, filled_in(ada.get(path), remind_days_before=""))
        team.tenant.refresh_from_db()
        assert (team.tenant.remind_days_before, team.tenant.remind_days_after) == ([], [3, 30])

    def test_an_admin_neither_sees_nor_adds_others(
        self, ada: Client, team: Team, rivals: Team
    ) -> None:
        path = reverse("admin:accounts_tenant_change", args=(rivals.tenant.pk,))
        assert ada.get(path).status_code == 404
        assert "Rivals" not in ada.get(reverse("admin:accounts_tenant_changelist")).content.decode()
        assert ada.get(reverse("admin:accounts_tenant_add")).status_code == 403

    def test_an_operator_adds_one_with_its_defaults(self, db: None) -> None:
        browser = signed_in(make_operator())
        new = {
            "name": "Nueva",
            "admin_name": "Nina",
            "email": "nina@nueva.test",
            "password": "a long enough secret",
        }
        answer = browser.post(reverse("admin:accounts_tenant_add"), new, follow=True)
        assert answer.status_code == 200
        tenant = Tenant.objects.get(name="Nueva")
        with tenant_scope(tenant.pk):
            assert User.objects.get().role == "admin"
            assert FollowUpCategory.objects.exists()
        taken = browser.post(reverse("admin:accounts_tenant_add"), new)
        assert "email" in errors_of(taken)
        assert Tenant.objects.filter(name="Nueva").count() == 1

    def test_an_operator_closes_one(self, team: Team) -> None:
        browser = signed_in(make_operator())
        path = reverse("admin:accounts_tenant_change", args=(team.tenant.pk,))
        form = filled_in(browser.get(path))
        form.pop("is_active")
        browser.post(path, form)
        assert not Tenant.objects.get(pk=team.tenant.pk).is_active
        assert team.ada.get("/api/v1/auth/me").status_code == 401

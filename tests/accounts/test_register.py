from __future__ import annotations

import threading

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.tenancy import across_tenants, tenant_scope
from prospects.catalogs.services import CATALOGS, DEFAULTS
from prospects.pipeline.defaults import CATEGORIES
from prospects.pipeline.models import FollowUpCategory

FIELDS = {
    "name": "J. García López",
    "email": "JGarcia@empresa.test",
    "password": "MiPassword2024!",
    "password_confirmation": "MiPassword2024!",
    "tenant_name": "García & Asociados",
}


class TestRegister:
    def test_creates_a_tenant_and_signs_its_admin_in(self, post, opens, db):
        answer = post("register", **FIELDS)
        assert answer.status_code == 201
        body = answer.json()
        assert set(body) == {"token", "refresh_token", "expires_at", "user", "tenant"}
        assert body["user"]["email"] == "jgarcia@empresa.test"
        assert body["user"]["role"] == "admin"
        assert body["tenant"]["name"] == "García & Asociados"
        assert body["tenant"]["slug"] == "garcia-asociados"
        assert opens(body["token"])

    def test_gives_the_tenant_its_default_data(self, post, db):
        tenant_id = post("register", **FIELDS).json()["tenant"]["id"]
        with tenant_scope(tenant_id):
            names = FollowUpCategory.objects.in_order().values_list("name", flat=True)
            assert list(names) == [name for name, *_ in CATEGORIES]
            filled = {model for model in CATALOGS.values() if model.objects.exists()}
        assert filled == set(DEFAULTS)

    def test_hashes_the_password(self, post, db):
        user_id = post("register", **FIELDS).json()["user"]["id"]
        with across_tenants():
            user = User.objects.get(pk=user_id)
        assert FIELDS["password"] not in user.password
        assert user.check_password(FIELDS["password"])

    def test_finds_a_free_slug_for_a_second_company_of_the_name(self, post, db):
        slugs = [
            post("register", **FIELDS | {"email": f"{number}@empresa.test"}).json()["tenant"][
                "slug"
            ]
            for number in range(3)
        ]
        assert slugs == ["garcia-asociados", "garcia-asociados-2", "garcia-asociados-3"]

    def test_finds_a_slug_for_a_name_without_latin_letters(self, post, db):
        answer = post("register", **FIELDS | {"tenant_name": "株式会社"})
        assert answer.json()["tenant"]["slug"] == "tenant"


class TestRefusedRegistration:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"password_confirmation": "another one"}, "password_confirmation"),
            ({"password": "short", "password_confirmation": "short"}, "password"),
            ({"password": "password", "password_confirmation": "password"}, "password"),
            ({"password": "8027316495", "password_confirmation": "8027316495"}, "password"),
            ({"password": "x" * 10_000, "password_confirmation": "x" * 10_000}, "password"),
            ({"email": "no address"}, "email"),
            ({"email": "a@b.test" + "x" * 10_000}, "email"),
            ({"email": "a\x00@b.test"}, "email"),
            ({"email": 17}, "email"),
            ({"name": ""}, "name"),
            ({"name": "   "}, "name"),
            ({"name": "x" * 256}, "name"),
            ({"name": "a\x00b"}, "name"),
            ({"tenant_name": None}, "tenant_name"),
            ({"tenant_name": "x" * 256}, "tenant_name"),
            ({"tenant_name": {"a": 1}}, "tenant_name"),
        ],
    )
    def test_names_the_field_and_creates_nothing(self, post, db, change, field):
        answer = post("register", **FIELDS | change)
        assert answer.status_code == 422
        assert field in answer.json()["errors"]
        assert not Tenant.objects.exists()

    def test_refuses_an_email_that_signs_in_anywhere(self, post, team):
        answer = post("register", **FIELDS | {"email": "ALICE@acme.test"})
        assert answer.status_code == 422
        assert answer.json()["errors"] == {"email": ["This email is taken."]}
        assert Tenant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    @pytest.fixture
    def register_at_once(self):
        """Send registrations in as many threads and return their answers."""

        def send(*bodies):
            answers, gate = [], threading.Barrier(len(bodies))

            def register(body):
                gate.wait()
                answers.append(APIClient().post("/api/v1/auth/register", body, format="json"))
                connection.close()

            threads = [threading.Thread(target=register, args=[body]) for body in bodies]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return answers

        return send

    def test_with_one_email_one_gets_it_and_the_other_is_told(self, register_at_once):
        answers = register_at_once(FIELDS, FIELDS | {"tenant_name": "Another"})
        assert sorted(answer.status_code for answer in answers) == [201, 422]
        assert Tenant.objects.count() == 1

    def test_with_one_company_name_both_are_served(self, register_at_once):
        answers = register_at_once(FIELDS, FIELDS | {"email": "other@empresa.test"})
        assert [answer.status_code for answer in answers] == [201, 201]
        slugs = set(Tenant.objects.values_list("slug", flat=True))
        assert slugs == {"garcia-asociados", "garcia-asociados-2"}

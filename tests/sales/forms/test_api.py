from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from core.tenancy import tenant_scope
from sales.forms.origins import read_origin
from sales.models import FormSubmission
from tests.people import Team
from tests.sales.forms.forms_of import CARLOS, FORMS, SITE, submit, taken, web_form


@pytest.mark.django_db
class TestForm:
    def test_is_made_with_a_key_of_its_own(self, team: Team) -> None:
        made, other = web_form(team.mona), web_form(team.mona)
        assert len(made["api_key"]) >= 32
        assert made["api_key"] != other["api_key"]
        assert made["submit_url"].endswith(f"/api/forms/{made['api_key']}/submit")
        assert made["page_url"].endswith(f"/f/{made['api_key']}")
        assert made["opens_prospect"] is True
        assert [field["name"] for field in made["fields"]] == list(CARLOS)
        assert made["fields"][0]["label"] == "Nombre"

    def test_takes_all_that_the_contract_names(self, team: Team) -> None:
        sent = {
            "allowed_origins": ["HTTPS://WWW.acme.test:443/", "http://localhost:3000"],
            "user_ids": [team.bob.id, team.alice.id],
            "honeypot_field": "fax",
            "opens_prospect": False,
        }
        made = web_form(team.mona, **sent)
        assert made["allowed_origins"] == ["https://www.acme.test", "http://localhost:3000"]
        assert made["user_ids"] == sorted(sent["user_ids"])
        assert (made["honeypot_field"], made["opens_prospect"]) == ("fax", False)

    def test_changes_what_is_sent_alone(self, team: Team) -> None:
        made = web_form(team.mona, user_ids=[team.alice.id])
        fields = [
            {"name": "correo", "label": "Correo", "type": "email", "required": True},
            {"name": "plan", "label": "Plan", "type": "select", "options": ["A", "B"]},
        ]
        path = f"{FORMS}/{made['id']}"
        changed = team.mona.put(path, {"fields": fields, "is_active": False}).json()["data"]
        assert [field["name"] for field in changed["fields"]] == ["correo", "plan"]
        assert changed["fields"][1]["options"] == ["A", "B"]
        assert changed["is_active"] is False
        for name in ("name", "api_key", "user_ids", "allowed_origins"):
            assert changed[name] == made[name]

    def test_takes_whole_fields_when_it_is_changed_too(self, team: Team) -> None:
        path = f"{FORMS}/{web_form(team.mona)['id']}"
        changed = team.mona.put(path, {"fields": [{"name": "talla", "label": "Talla"}]})
        (field,) = changed.json()["data"]["fields"]
        assert (field["type"], field["required"], field["options"]) == ("text", False, [])
        refused = team.mona.put(path, {"fields": [{"label": "Talla"}]})
        assert (refused.status_code, list(refused.json()["errors"])) == (422, ["fields.0.name"])
        assert team.mona.get(path).json()["data"]["fields"] == [field]

    def test_of_which_the_key_was_renewed_answers_to_the_new_one_alone(self, team: Team) -> None:
        made = web_form(team.mona)
        renewed = team.mona.post(f"{FORMS}/{made['id']}/rotate-key").json()["data"]
        assert renewed["api_key"] != made["api_key"]
        assert submit(made).status_code == 404
        assert submit(renewed).status_code == 200

    def test_that_was_deleted_takes_nothing_and_keeps_what_it_brought(self, team: Team) -> None:
        made = web_form(team.mona)
        kept = taken(made)
        assert team.mona.delete(f"{FORMS}/{made['id']}").status_code == 200
        assert team.mona.get(f"{FORMS}/{made['id']}").status_code == 404
        assert submit(made).status_code == 404
        with tenant_scope(team.tenant.pk):
            assert FormSubmission.objects.filter(pk=kept.pk).exists()

    def test_list_takes_few_statements(
        self, team: Team, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(12):
            web_form(team.mona, name=f"Form {number}", user_ids=[team.alice.id])
        with django_assert_max_num_queries(6):
            answer = team.victor.get(FORMS, {"per_page": 10})
        assert len(answer.json()["data"]) == 10
        assert answer.json()["meta"]["total"] == 12

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "x" * 121}, "name"),
            ({"name": "a\0b"}, "name"),
            ({"name": ["x"]}, "name"),
            ({"allowed_origins": ["www.acme.test"]}, "allowed_origins.0"),
            ({"allowed_origins": ["https://acme.test/page"]}, "allowed_origins.0"),
            ({"allowed_origins": ["*"]}, "allowed_origins.0"),
            ({"allowed_origins": ["https://*.acme.test"]}, "allowed_origins.0"),
            ({"allowed_origins": ["javascript:alert(1)"]}, "allowed_origins.0"),
            ({"allowed_origins": ["https://a.test; script-src *"]}, "allowed_origins.0"),
            ({"allowed_origins": "https://acme.test"}, "allowed_origins"),
            ({"user_ids": [0]}, "user_ids.0"),
            ({"user_ids": [True, 2**70]}, "user_ids.1"),
            ({"user_ids": "x"}, "user_ids"),
            ({"honeypot_field": "Fax Number"}, "honeypot_field"),
            ({"honeypot_field": "email"}, "honeypot_field"),
            ({"redirect_url": "javascript:alert(1)"}, "redirect_url"),
            ({"redirect_url": "ftp://acme.test"}, "redirect_url"),
            ({"min_seconds": 601}, "min_seconds"),
            ({"min_seconds": -1}, "min_seconds"),
            ({"fields": []}, "fields"),
            ({"fields": [{"name": "a b", "label": "x"}]}, "fields.0.name"),
            ({"fields": [{"name": "a"}]}, "fields.0.label"),
            ({"fields": [{"name": "a", "label": "x", "type": "file"}]}, "fields.0.type"),
            ({"fields": [{"name": "a", "label": "x", "type": "select"}]}, "fields.0.options"),
            ({"fields": [{"name": "a", "label": "x"}] * 2}, "fields"),
        ],
    )
    def test_refuses_what_cannot_be(self, team: Team, sent: Any, field: str) -> None:
        answer = team.mona.post(FORMS, {"name": "New", **sent})
        assert answer.status_code == 422
        assert field in answer.json()["errors"]
        assert team.mona.get(FORMS).json()["data"] == []

    def test_refuses_colleagues_of_others_and_those_who_have_left(
        self, team: Team, rivals: Team
    ) -> None:
        team.ada.post(f"/api/v1/users/{team.bob.id}/deactivate", {})
        for user_id in (rivals.alice.id, team.bob.id):
            answer = team.mona.post(FORMS, {"name": "New", "user_ids": [user_id]})
            assert answer.json()["errors"] == {
                "user_ids": [f"There is no active colleague {user_id}."]
            }


@pytest.mark.django_db
class TestSubmissions:
    def test_are_listed_with_what_came_of_them(self, team: Team) -> None:
        made = web_form(team.mona, user_ids=[team.alice.id])
        sent = taken(made, HTTP_USER_AGENT="Firefox", HTTP_ORIGIN=SITE)
        (row,) = team.mona.get(f"{FORMS}/{made['id']}/submissions").json()["data"]
        assert row["id"] == sent.pk
        assert row["data"] == CARLOS
        assert (row["state"], row["reason"]) == ("accepted", "")
        assert row["contact_id"] == sent.contact_id
        assert row["prospect_id"] == sent.contact.prospect_id
        assert (row["assigned_to"], row["assigned_to_name"]) == (team.alice.id, "Alice Sales")
        assert (row["user_agent"], row["origin"]) == ("Firefox", SITE)
        assert row["ip_address"] == "127.0.0.1"

    def test_are_seen_by_whom_they_were_assigned_to_and_who_sees_all(self, team: Team) -> None:
        made = web_form(team.mona, user_ids=[team.alice.id])
        taken(made)
        path = f"{FORMS}/{made['id']}/submissions"
        seen = {name: len(p.get(path).json()["data"]) for name, p in team.everybody.items()}
        assert seen == {"admin": 1, "manager": 1, "sales": 1, "colleague": 0, "viewer": 1}

    def test_of_a_seller_are_looked_up_not_read_through(self, team: Team) -> None:
        made = web_form(team.mona)
        with tenant_scope(team.tenant.pk), connection.cursor() as cursor:
            rows = (FormSubmission(form_id=made["id"], data={}) for _ in range(2000))
            FormSubmission.objects.bulk_create(rows)
            cursor.execute("ANALYZE sales_formsubmission")
            cursor.execute("SET LOCAL enable_seqscan = off")
            seen = FormSubmission.objects.visible_to(team.alice.user)
            sql, params = seen.query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", params)
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "sales_formsubmission_assigned" in plan
        assert "sales_formsubmission_contact" in plan
        assert "Seq Scan" not in plan

    def test_are_filtered_by_state(self, team: Team) -> None:
        made = web_form(team.mona)
        taken(made)
        submit(made, {**CARLOS, "website": "http://spam.test"})
        path = f"{FORMS}/{made['id']}/submissions"
        rows = team.mona.get(path, {"state": "rejected"}).json()["data"]
        assert [(row["state"], row["reason"]) for row in rows] == [("rejected", "honeypot")]
        assert team.mona.get(path, {"state": "x"}).status_code == 422

    def test_of_another_tenants_form_do_not_exist(self, team: Team, rivals: Team) -> None:
        made = web_form(team.mona)
        for path in (f"{FORMS}/{made['id']}", f"{FORMS}/{made['id']}/submissions"):
            assert rivals.ada.get(path).status_code == 404

    def test_take_few_statements(self, team: Team, django_assert_max_num_queries: Any) -> None:
        made = web_form(team.mona)
        for number in range(8):
            taken(made, {**CARLOS, "email": f"c{number}@x.test", "phone": ""})
        with django_assert_max_num_queries(6):
            team.mona.get(f"{FORMS}/{made['id']}/submissions")


class TestOrigin:
    @pytest.mark.parametrize(
        ("typed", "origin"),
        [
            ("https://acme.test", "https://acme.test"),
            (" HTTPS://ACME.test:443/ ", "https://acme.test"),
            ("http://acme.test:80", "http://acme.test"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("https://[::1]:8443", "https://[::1]:8443"),
            ("https://niño.mx", "https://xn--nio-8ma.mx"),
        ],
    )
    def test_has_one_form(self, typed: str, origin: str) -> None:
        assert read_origin(typed) == origin

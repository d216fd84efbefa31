from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.tenancy import tenant_scope
from sales.models import FormField, FormSubmission, WebForm
from tests.people import Team
from tests.sales.forms.forms_of import CARLOS, SITE, submit, taken, web_form
from tests.staff import errors_of, filled_in, signed_in

FORMS, SUBMISSIONS = "/admin/sales/webform/", "/admin/sales/formsubmission/"


def only_form(team: Team) -> WebForm:
    with tenant_scope(team.tenant.pk):
        found: WebForm = WebForm.objects.get()
        return found


@pytest.mark.django_db
class TestBuilder:
    def test_makes_a_form_and_goes_on_with_its_fields(self, team: Team) -> None:
        browser = signed_in(team.mona.user)
        page = browser.get(f"{FORMS}add/")
        sent = filled_in(
            page, name="Contacto", allowed_origins=f"{SITE}/\n{SITE}", users=[team.alice.id]
        )
        answer = browser.post(f"{FORMS}add/", sent)
        made = only_form(team)
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"{made.pk}/change/")
        assert made.allowed_origins == [SITE]
        assert made.created_by_id == team.mona.id
        with tenant_scope(team.tenant.pk):
            assert [member.user_id for member in made.members.all()] == [team.alice.id]
            assert made.fields.count() == 5

    def test_changes_fields_and_their_order(self, team: Team) -> None:
        made = web_form(team.mona, user_ids=[team.alice.id])
        browser, path = signed_in(team.mona.user), f"{FORMS}{made['id']}/change/"
        page = browser.get(path)
        sent = filled_in(page, intro="Hola", users=[team.bob.id])
        sent |= {"fields-0-label": "¿Cómo te llamas?", "fields-0-position": "9"}
        sent["fields-4-DELETE"] = "on"
        assert browser.post(path, sent).status_code == 302
        changed = team.mona.get(f"/api/v1/forms/{made['id']}").json()["data"]
        names = ["last_name", "email", "phone", "first_name"]
        assert [field["name"] for field in changed["fields"]] == names
        assert changed["fields"][-1]["label"] == "¿Cómo te llamas?"
        assert (changed["intro"], changed["user_ids"]) == ("Hola", [team.bob.id])
        assert changed["api_key"] == made["api_key"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("allowed_origins", "https://a.test/page"),
            ("allowed_origins", "*"),
            ("redirect_url", "javascript:alert(1)"),
            ("honeypot_field", "Fax Number"),
            ("honeypot_field", "email"),
            ("min_seconds", "601"),
            ("name", ""),
            ("name", "a\0b"),
        ],
    )
    def test_shows_what_cannot_be_beside_it(self, team: Team, field: str, value: str) -> None:
        made = web_form(team.mona)
        browser, path = signed_in(team.mona.user), f"{FORMS}{made['id']}/change/"
        page = browser.post(path, filled_in(browser.get(path), **{field: value}))
        assert page.status_code == 200
        assert field in errors_of(page)
        assert team.mona.get(f"/api/v1/forms/{made['id']}").json()["data"] == made

    @pytest.mark.parametrize(
        ("field", "value"), [("name", "a b"), ("name", "website"), ("type", "select")]
    )
    def test_refuses_fields_that_cannot_be(self, team: Team, field: str, value: str) -> None:
        made = web_form(team.mona)
        browser, path = signed_in(team.mona.user), f"{FORMS}{made['id']}/change/"
        sent = filled_in(browser.get(path)) | {f"fields-0-{field}": value}
        assert browser.post(path, sent).status_code == 200
        with tenant_scope(team.tenant.pk):
            assert FormField.objects.filter(name="first_name", type="text").exists()

    def test_shows_what_is_pasted_into_pages_as_text(self, team: Team) -> None:
        fields = [{"name": "a", "label": "</textarea><script>alert(1)</script>"}]
        made = web_form(team.mona, fields=fields)
        for person in (team.mona, team.victor):
            page = signed_in(person.user).get(f"{FORMS}{made['id']}/change/").content.decode()
            assert f"data-crm-form=&quot;{made['api_key']}&quot;" in page
            assert "<script>alert(1)" not in page

    def test_renews_the_key_once_asked_again(self, team: Team) -> None:
        made = web_form(team.mona)
        browser, path = signed_in(team.mona.user), f"{FORMS}{made['id']}/key/"
        assert browser.get(path).status_code == 200
        assert only_form(team).api_key == made["api_key"]
        assert browser.post(path).status_code == 302
        assert only_form(team).api_key != made["api_key"]
        assert signed_in(team.victor.user).post(path).status_code == 403

    def test_deletes_softly(self, team: Team) -> None:
        made = web_form(team.mona)
        kept = taken(made)
        answer = signed_in(team.mona.user).post(f"{FORMS}{made['id']}/delete/", {"post": "yes"})
        assert answer.status_code == 302
        assert submit(made).status_code == 404
        page = signed_in(team.mona.user).get(f"{SUBMISSIONS}{kept.pk}/change/")
        assert page.status_code == 200

    def test_opens_its_page(self, team: Team) -> None:
        made = web_form(team.mona)
        answer = signed_in(team.victor.user).get(f"{FORMS}{made['id']}/page/")
        assert answer["Location"] == f"/f/{made['api_key']}"


@pytest.mark.django_db
class TestSubmissions:
    def test_lead_to_contact_and_card(self, team: Team) -> None:
        sent = taken(web_form(team.mona, user_ids=[team.alice.id]), {**CARLOS, "x": "<b>y</b>"})
        browser = signed_in(team.alice.user)
        for path in (SUBMISSIONS, f"{SUBMISSIONS}{sent.pk}/change/"):
            page = browser.get(path).content.decode()
            assert f"/admin/prospects/contact/{sent.contact_id}/change/" in page
            assert f"/admin/prospects/prospect/{sent.contact.prospect_id}/change/" in page
            assert "<b>y</b>" not in page
            assert "Created at" not in page
        assert browser.post(f"{SUBMISSIONS}{sent.pk}/change/", {}).status_code == 403

    def test_of_colleagues_are_not_seen_by_salespeople(self, team: Team) -> None:
        sent = taken(web_form(team.mona, user_ids=[team.alice.id]))
        browser = signed_in(team.bob.user)
        assert "Carlos" not in browser.get(SUBMISSIONS).content.decode()
        assert browser.get(f"{SUBMISSIONS}{sent.pk}/change/").status_code == 404

    def test_are_filtered(self, team: Team) -> None:
        made, other = web_form(team.mona), web_form(team.mona)
        taken(made)
        submit(other, {**CARLOS, "website": "x"})
        browser = signed_in(team.mona.user)
        for query, found in (
            ({"state__exact": "rejected"}, "No aceptado"),
            ({"form__id__exact": made["id"]}, "Carlos"),
        ):
            page = browser.get(SUBMISSIONS, query)
            assert page.context["cl"].result_count == 1
            assert found in page.content.decode()

    def test_are_drawn_by_week(self, team: Team, django_assert_max_num_queries: Any) -> None:
        made = web_form(team.mona)
        old = taken(made)
        taken(made, {**CARLOS, "email": "second@x.test"})
        submit(made, {**CARLOS, "website": "x"})
        at = timezone.now() - timedelta(weeks=3)
        with tenant_scope(team.tenant.pk):
            FormSubmission.objects.filter(pk=old.pk).update(created_at=at)
        browser = signed_in(team.mona.user)
        with django_assert_max_num_queries(12):
            page = browser.get(f"{SUBMISSIONS}weeks/")
        (chart,) = page.context["charts"]["charts"]
        accepted, rejected = (series["values"] for series in chart["series"])
        assert (accepted[-1], accepted[-4], sum(accepted)) == (1, 1, 2)
        assert (rejected[-1], sum(rejected)) == (1, 1)

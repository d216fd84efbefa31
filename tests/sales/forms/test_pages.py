from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from core.tenancy import tenant_scope
from sales.models import FormSubmission
from tests.people import Team
from tests.sales.forms.forms_of import CARLOS, SITE, shown_before, web_form
from tests.sales.forms.test_submitting import counts

NASTY = '"><script>alert(1)</script>'


def token_on(page: Any) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


@pytest.mark.django_db
class TestPage:
    def test_shows_the_form_without_a_script(self, team: Team) -> None:
        made = web_form(team.mona, intro="Escríbenos")
        page = Client().get(f"/f/{made['api_key']}")
        text = page.content.decode()
        assert page.status_code == 200
        assert "Escríbenos" in text
        assert "Correo electrónico" in text or "Correo" in text
        assert '<html lang="es">' in text
        assert "<script" not in text
        assert 'name="website"' in text

    def test_speaks_english_for_a_tenant_that_does(self, team: Team) -> None:
        type(team.tenant).objects.filter(pk=team.tenant.pk).update(language="en")
        made = web_form(team.mona)
        text = Client().get(f"/f/{made['api_key']}").content.decode()
        assert '<html lang="en">' in text
        assert "First name" in text

    def test_is_framed_by_the_sites_of_the_form_alone(self, team: Team) -> None:
        made = web_form(team.mona, redirect_url="https://shop.acme.test/thanks?x=1")
        page = Client().get(f"/f/{made['api_key']}")
        policy = page["Content-Security-Policy"]
        assert f"frame-ancestors 'self' {SITE}" in policy
        assert "form-action 'self' https: http:;" in policy, "which may send them on elsewhere"
        assert "X-Frame-Options" not in page

    def test_policy_has_nothing_that_was_typed_into_an_address(self, team: Team) -> None:
        made = web_form(team.mona, redirect_url="https://a.test;script-src/x")
        policy = Client().get(f"/f/{made['api_key']}")["Content-Security-Policy"]
        assert "script-src" not in policy
        assert "a.test" not in policy
        plain = Client().get(f"/f/{web_form(team.mona)['api_key']}")["Content-Security-Policy"]
        assert "form-action 'self';" in plain

    def test_takes_what_is_filled_in(self, team: Team) -> None:
        made = web_form(team.mona, thank_you="¡Hasta pronto!")
        browser, path = Client(), f"/f/{made['api_key']}"
        sent = {**CARLOS, "form_token": shown_before(team, made, 10)}
        answer = browser.post(path, sent, HTTP_ORIGIN="http://testserver")
        assert (answer.status_code, answer["Location"]) == (303, f"{path}/thanks")
        assert "¡Hasta pronto!" in browser.get(answer["Location"]).content.decode()
        assert counts(team)[:2] == (1, 1)
        with tenant_scope(team.tenant.pk):
            assert "form_token" not in FormSubmission.objects.get().data

    def test_goes_to_the_page_afterwards(self, team: Team) -> None:
        made = web_form(team.mona, redirect_url="https://shop.acme.test/thanks")
        sent = {**CARLOS, "form_token": shown_before(team, made, 10)}
        answer = Client().post(f"/f/{made['api_key']}", sent)
        assert (answer.status_code, answer["Location"]) == (303, "https://shop.acme.test/thanks")

    def test_shows_what_is_wrong_beside_what_was_typed(self, team: Team) -> None:
        made = web_form(team.mona)
        token = shown_before(team, made, 10)
        sent = {**CARLOS, "email": NASTY, "form_token": token}
        page = Client().post(f"/f/{made['api_key']}", sent)
        text = page.content.decode()
        assert page.status_code == 422
        assert "Esto no es un correo." in text
        assert 'value="Carlos"' in text
        assert "<script>" not in text
        assert token_on(page) == token, "whoever mends it is not timed again"
        assert counts(team) == (0, 0, 0)

    def test_does_not_time_who_mends_what_an_allowed_site_sent(self, team: Team) -> None:
        path = f"/f/{web_form(team.mona, min_seconds=30)['api_key']}"
        page = Client().post(path, {**CARLOS, "email": "no"}, HTTP_ORIGIN=SITE)
        assert page.status_code == 422
        mended = {**CARLOS, "form_token": token_on(page)}
        Client().post(path, mended, HTTP_ORIGIN="http://testserver")
        assert counts(team)[:2] == (1, 1)

    def test_times_what_a_program_sent_without_a_token(self, team: Team) -> None:
        path = f"/f/{web_form(team.mona, min_seconds=30)['api_key']}"
        page = Client().post(path, {**CARLOS, "extra": "x" * 10_001})
        Client().post(path, {**CARLOS, "form_token": token_on(page)})
        assert counts(team) == (0, 0, 0)

    @pytest.mark.parametrize("trick", ["no token", "too fast", "trap"])
    def test_thanks_programs_and_does_nothing(self, team: Team, trick: str) -> None:
        made = web_form(team.mona)
        sent = {**CARLOS, "form_token": shown_before(team, made, 10)}
        if trick == "no token":
            del sent["form_token"]
        elif trick == "too fast":
            sent["form_token"] = token_on(Client().get(f"/f/{made['api_key']}"))
        else:
            sent["website"] = "x"
        answer = Client().post(f"/f/{made['api_key']}", sent)
        assert (answer.status_code, answer["Location"]) == (303, f"/f/{made['api_key']}/thanks")
        assert counts(team) == (0, 0, 0)

    def test_may_be_sent_by_a_plain_form_of_an_allowed_site_alone(self, team: Team) -> None:
        path = f"/f/{web_form(team.mona)['api_key']}"
        assert Client().post(path, CARLOS, HTTP_ORIGIN="https://evil.test").status_code == 403
        assert counts(team) == (0, 0, 0)
        assert Client().post(path, CARLOS, HTTP_ORIGIN=SITE).status_code == 303
        assert counts(team)[:2] == (1, 1)

    def test_shows_html_as_text(self, team: Team) -> None:
        nasty = "<script>alert(1)</script>"
        fields = [{"name": "a", "label": nasty, "type": "select", "options": [nasty]}]
        made = web_form(team.mona, name=nasty, intro=nasty, thank_you=nasty, fields=fields)
        for path in ("", "/thanks"):
            text = Client().get(f"/f/{made['api_key']}{path}").content.decode()
            assert nasty not in text
            assert "&lt;script&gt;" in text

    def test_of_no_form_says_so(self, team: Team) -> None:
        made = web_form(team.mona, is_active=False)
        for path in (f"/f/{made['api_key']}", "/f/nobody-has-this", "/f/x/thanks"):
            page = Client().get(path, HTTP_ACCEPT_LANGUAGE="es")
            assert page.status_code == 404
            assert "No conocemos este formulario" in page.content.decode()

    def test_bears_bad_bodies(self, team: Team) -> None:
        path = f"/f/{web_form(team.mona)['api_key']}"
        token = {"form_token": "x:y"}
        for body in ({**CARLOS, "first_name": "a\0b"}, {**token}, {"message": "x" * 70_000}):
            assert Client().post(path, body).status_code in (303, 413, 422)
        kind = "application/x-www-form-urlencoded"
        assert Client().generic("POST", path, b"\xff\xfe&&=", kind).status_code < 500
        assert Client().generic("POST", path, b"a&" * 6000, kind).status_code == 413
        assert Client().generic("POST", path, b"x", "multipart/form-data").status_code == 422
        assert Client().put(path).status_code == 405
        assert counts(team) == (0, 0, 0)

    def test_is_limited_like_the_api(self, team: Team) -> None:
        path = f"/f/{web_form(team.mona)['api_key']}"
        for _ in range(20):
            Client().post(path, {"email": "no"})
        refused = Client().post(path, CARLOS)
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) >= 1

    def test_is_limited_for_all_addresses_of_a_line(self, team: Team) -> None:
        path = f"/f/{web_form(team.mona)['api_key']}"
        for number in range(20):
            Client().post(path, {"email": "no"}, REMOTE_ADDR=f"2001:db8::{number:x}")
        assert Client().post(path, CARLOS, REMOTE_ADDR="2001:db8::ff:1").status_code == 429
        assert Client().post(path, CARLOS, REMOTE_ADDR="2001:db8:0:1::1").status_code != 429

    def test_looking_changes_nothing(self, team: Team) -> None:
        path = f"/f/{web_form(team.mona)['api_key']}"
        assert Client().head(path).status_code == 200
        assert Client().get(path)["Cache-Control"] == "no-store"
        assert not FormSubmission._base_manager.exists()


@pytest.mark.django_db
class TestEmbedding:
    def test_script_is_served(self, client: Client) -> None:
        answer = client.get("/f/embed.js")
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/javascript")
        text = answer.content.decode()
        assert "innerHTML" not in text
        assert "textContent" in text

    def test_form_is_told_to_the_script_from_allowed_sites(self, team: Team) -> None:
        made = web_form(team.mona, min_seconds=0)
        path = f"/api/forms/{made['api_key']}"
        answer = Client().get(path, HTTP_ORIGIN=SITE)
        assert answer["Access-Control-Allow-Origin"] == SITE
        told = answer.json()
        assert [field["name"] for field in told["fields"]] == list(CARLOS)
        assert told["texts"]["send"] == "Enviar"
        assert set(told) == {
            *("name", "intro", "thank_you", "redirect_url", "honeypot_field", "form_token"),
            *("fields", "texts"),
        }
        sent = {**CARLOS, "form_token": told["form_token"]}
        Client().post(f"{path}/submit", sent, "application/json", HTTP_ORIGIN=SITE)
        assert counts(team)[:2] == (1, 1)
        assert "Access-Control-Allow-Origin" not in Client().get(path, HTTP_ORIGIN="https://e.test")

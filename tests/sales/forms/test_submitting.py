from __future__ import annotations

import json
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest
from rest_framework.test import APIClient

from accounts.models import Notification, WebhookDelivery
from accounts.webhooks.services import create_endpoint
from core.tenancy import tenant_scope
from prospects.models import Contact, FollowUpNote, Prospect
from sales.models import FormSubmission
from tests.people import Team
from tests.prospects.cards_of import card
from tests.races import at_once
from tests.sales.contacts.contacts_of import contact
from tests.sales.forms.forms_of import CARLOS, FORMS, SITE, shown_before, submit, taken, web_form

KEYS = {"success", "submission_id", "contact_id", "assigned_to"}


def counts(team: Team) -> tuple[int, int, int]:
    """How many contacts, cards and notes there are."""
    with tenant_scope(team.tenant.pk):
        models = (Contact, Prospect, FollowUpNote)
        return tuple(model.objects.count() for model in models)  # type: ignore[return-value]


@pytest.mark.django_db
class TestNewContact:
    def test_is_answered_as_the_contract_says(self, team: Team) -> None:
        made = web_form(team.mona, user_ids=[team.alice.id])
        answer = submit(made)
        sent = FormSubmission._base_manager.get()
        assert answer.json() == {
            "success": True,
            "submission_id": sent.pk,
            "contact_id": sent.contact_id,
            "assigned_to": "Alice Sales",
        }

    def test_gets_a_card_on_the_board_of_whose_turn_it_is(self, team: Team) -> None:
        sent = taken(web_form(team.mona, user_ids=[team.alice.id]))
        person, its_card = sent.contact, sent.contact.prospect
        assert (person.first_name, person.last_name) == ("Carlos", "Martínez Díaz")
        assert (person.email, person.phone_code, person.phone) == (
            "cmartinez@miempresa.mx",
            "52",
            "3312345678",
        )
        assert person.source == "Contacto"
        assert its_card.owner_id == team.alice.id
        assert its_card.name == "Carlos Martínez Díaz"
        assert person.is_primary
        listed = team.alice.get("/prospects/list", {"search": "cmartinez"}).json()
        assert [row["id"] for row in listed["data"]] == [its_card.pk]

    def test_stands_alone_where_the_form_opens_no_cards(self, team: Team) -> None:
        made = web_form(team.mona, user_ids=[team.alice.id], opens_prospect=False)
        person = taken(made).contact
        assert person.prospect_id is None
        assert person.owner_id == team.alice.id
        assert team.alice.get(f"/api/v1/contacts/{person.pk}").status_code == 200
        assert counts(team)[:2] == (1, 0)

    def test_gets_no_second_card_where_another_has_the_phone(self, team: Team) -> None:
        made = web_form(team.mona)
        card(team, owner=team.bob, name="Other", phone_code="52", phone="3312345678")
        person = taken(made).contact
        assert person.email == "cmartinez@miempresa.mx"
        assert person.prospect_id is None
        assert counts(team)[:2] == (2, 1)

    def test_has_the_message_as_a_note(self, team: Team) -> None:
        sent = taken(web_form(team.mona, user_ids=[team.alice.id]))
        notes = team.alice.get(f"/api/v1/contacts/{sent.contact_id}/notes").json()["data"]
        assert [row["body"] for row in notes] == ["Contacto: Me interesa conocer sus servicios."]
        with tenant_scope(team.tenant.pk):
            assert FollowUpNote.objects.get().prospect_id == sent.contact.prospect_id

    def test_keeps_what_the_form_asks_for_beside(self, team: Team) -> None:
        fields = [
            {"name": "name", "label": "Nombre", "required": True},
            {"name": "correo", "label": "Correo", "type": "email"},
            {"name": "otro", "label": "Otro correo", "type": "email"},
            {"name": "celular", "label": "Celular", "type": "phone"},
            {"name": "company", "label": "Empresa"},
            {"name": "plan", "label": "Plan", "type": "select", "options": ["A", "B"]},
            {"name": "avisos", "label": "Avisos", "type": "checkbox"},
        ]
        sent = taken(
            web_form(team.mona, fields=fields),
            {
                "name": "Ana María Ruiz",
                "correo": "Ana <ANA@Ruiz.mx>",
                "otro": "ana@otro.mx",
                "celular": "044 55 1234 5678",
                "company": "Ruiz SA",
                "plan": "B",
                "avisos": True,
                "utm_source": "google",
            },
        )
        person = sent.contact
        assert (person.first_name, person.last_name) == ("Ana", "María Ruiz")
        assert (person.email, person.phone) == ("ana@ruiz.mx", "5512345678")
        assert person.prospect.company_name == "Ruiz SA"
        assert person.custom_fields == {"otro": "ana@otro.mx", "plan": "B", "avisos": True}
        assert sent.data["utm_source"] == "google"

    @pytest.mark.parametrize("asked", [["name"], ["first_name", "last_name"]])
    def test_may_be_named_in_one_piece_or_in_two(self, team: Team, asked: list[str]) -> None:
        known = [{"name": one, "type": "text", "label": "x", "required": True} for one in asked]
        mail = {"name": "email", "type": "email", "label": "y", "required": True}
        parts = {"first_name": "Ana", "last_name": "María Ruiz"}
        for number, named in enumerate(({"name": "Ana María Ruiz"}, parts)):
            made = web_form(team.mona, fields=[*known, mail])
            sent = taken(made, {**named, "email": f"ana{number}@ruiz.mx"})
            assert (sent.contact.first_name, sent.contact.last_name) == ("Ana", "María Ruiz")
            assert sent.data == {**named, "email": f"ana{number}@ruiz.mx"}

    def test_tells_whose_it_is_and_the_tenants_systems(self, team: Team) -> None:
        with tenant_scope(team.tenant.pk):
            create_endpoint(url="https://hooks.acme.test/", events=["form.submitted"])
        sent = taken(web_form(team.mona, user_ids=[team.alice.id]))
        with tenant_scope(team.tenant.pk):
            told = Notification.objects.get(user=team.alice.id)
            (delivery,) = WebhookDelivery.objects.all()
        assert told.type == "form_submission"
        assert told.title == "Alguien llenó «Contacto»"
        assert "Carlos Martínez Díaz: Me interesa" in told.body
        assert told.url == f"/contacts/{sent.contact_id}"
        assert delivery.event == "form.submitted"
        assert delivery.data["contact_id"] == sent.contact_id
        assert delivery.data["data"] == CARLOS

    def test_is_nobody_where_nothing_says_who_it_is(self, team: Team) -> None:
        fields = [{"name": "message", "label": "Opinión", "type": "textarea"}]
        sent = taken(web_form(team.mona, fields=fields), {"message": "Muy bien"})
        assert (sent.contact_id, sent.data) == (None, {"message": "Muy bien"})
        assert counts(team) == (0, 0, 0)


@pytest.mark.django_db
class TestKnownContact:
    def test_is_found_by_email_and_not_changed(self, team: Team) -> None:
        known = contact(team.bob, first_name="Don", emails=[{"email": "cmartinez@miempresa.mx"}])
        before = team.bob.get(f"/api/v1/contacts/{known['id']}").json()
        sent = taken(
            web_form(team.mona, user_ids=[team.alice.id]),
            {**CARLOS, "email": "CMartinez@MiEmpresa.mx "},
        )
        assert (sent.contact_id, sent.was_known) == (known["id"], True)
        assert sent.data["phone"] == "+52 33 1234 5678"
        assert team.bob.get(f"/api/v1/contacts/{known['id']}").json() == before
        assert counts(team)[:2] == (1, 0)

    def test_is_found_by_a_further_email_but_not_by_phone_or_name(self, team: Team) -> None:
        both = [{"email": "first@x.test"}, {"email": "cmartinez@miempresa.mx"}]
        known = contact(team.bob, first_name="Carlos", emails=both)
        phones = [{"phone": "+52 33 1234 5678"}]
        contact(team.bob, first_name="Carlos", last_name="Martínez Díaz", phones=phones)
        assert taken(web_form(team.mona)).contact_id == known["id"]
        other = taken(web_form(team.mona), {**CARLOS, "email": "new@x.test"})
        assert other.was_known is False

    def test_stays_with_their_owner_while_they_work_here(self, team: Team) -> None:
        its = card(team, owner=team.bob, name="Don", email="cmartinez@miempresa.mx")
        made = web_form(team.mona, user_ids=[team.alice.id])
        assert taken(made).assigned_to_id == team.bob.id
        team.ada.post(f"/api/v1/users/{team.bob.id}/deactivate", {})
        assert taken(made).assigned_to_id == team.alice.id
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.get(pk=its.pk).owner_id == team.bob.id

    def test_has_the_message_without_what_was_missed_being_settled(self, team: Team) -> None:
        its = card(team, owner=team.bob, name="Don", email="cmartinez@miempresa.mx")
        planned = {"note": "call", "scheduled_date": "2026-01-01T10:00:00Z"}
        assert team.bob.post(f"/prospects/{its.pk}/notes", planned).status_code == 200
        with tenant_scope(team.tenant.pk):
            before = Prospect.objects.values().get(pk=its.pk)
        sent = taken(web_form(team.mona))
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.values().get(pk=its.pk) == before
            assert FollowUpNote.objects.filter(done_at__isnull=False).count() == 0
        notes = team.bob.get(f"/api/v1/contacts/{sent.contact_id}/notes").json()["data"]
        assert notes[0]["body"] == "Contacto: Me interesa conocer sus servicios."

    def test_of_another_tenant_is_nobody_here(self, team: Team, rivals: Team) -> None:
        theirs = contact(rivals.bob, emails=[{"email": "cmartinez@miempresa.mx"}])
        sent = taken(web_form(team.mona))
        assert sent.was_known is False
        assert sent.contact_id != theirs["id"]

    def test_is_answered_as_somebody_new(self, team: Team) -> None:
        made = web_form(team.mona, user_ids=[team.alice.id, team.mona.id])
        known = contact(team.bob, emails=[{"email": "known@x.test"}])
        answers = [
            submit(made, {"first_name": "C", "email": email}).json()
            for email in ("new1@x.test", "known@x.test", "known@x.test", "new2@x.test")
        ]
        ids = [answer["contact_id"] for answer in answers]
        assert ids == sorted(set(ids)), "each one is a fresh number"
        assert known["id"] not in ids
        assert all(set(answer) == KEYS and answer["success"] for answer in answers)
        names = {"Alice Sales", team.mona.user.name}
        assert {answer["assigned_to"] for answer in answers} <= names
        with tenant_scope(team.tenant.pk):
            assert not Contact.all_objects.filter(pk__in=ids[1:3]).exists()


@pytest.mark.django_db
class TestTurns:
    def assigned(self, form: Any, number: int) -> list[int]:
        return [
            taken(form, {"first_name": "V", "email": f"v{number}-{n}@x.test"}).assigned_to_id
            for n in range(number)
        ]

    def test_go_round(self, team: Team) -> None:
        people = sorted([team.alice.id, team.bob.id, team.mona.id])
        form = web_form(team.mona, user_ids=people)
        assert self.assigned(form, 7) == [*people, *people, people[0]]

    def test_are_not_used_up_by_whom_a_colleague_looks_after(self, team: Team) -> None:
        form = web_form(team.mona, user_ids=[team.alice.id, team.mona.id])
        contact(team.bob, emails=[{"email": "known@x.test"}])
        got = []
        for number in range(6):
            got.append(taken(form, {"first_name": "V", "email": f"n{number}@x.test"}))
            assert taken(form, {"email": "known@x.test", "first_name": "V"}).was_known
        assert [sent.assigned_to_id for sent in got] == sorted([team.alice.id, team.mona.id]) * 3

    def test_come_first_for_who_is_new_to_the_form(self, team: Team) -> None:
        form = web_form(team.mona, user_ids=[team.bob.id])
        assert self.assigned(form, 3) == [team.bob.id] * 3
        changed = {**form, "user_ids": [team.alice.id, team.bob.id]}
        assert team.mona.put(f"{FORMS}/{form['id']}", changed).status_code == 200
        assert self.assigned(form, 4) == [team.alice.id, team.bob.id] * 2

    def test_change_nothing_of_the_form(self, team: Team) -> None:
        form = web_form(team.mona, user_ids=[team.alice.id, team.bob.id])
        tag = team.mona.get(f"{FORMS}/{form['id']}")["ETag"]
        self.assigned(form, 2)
        answer = team.mona.put(f"{FORMS}/{form['id']}", form, HTTP_IF_MATCH=tag)
        assert answer.status_code == 200, answer.content

    def test_skip_who_has_left(self, team: Team) -> None:
        form = web_form(team.mona, user_ids=[team.alice.id, team.bob.id])
        team.ada.post(f"/api/v1/users/{team.alice.id}/deactivate", {})
        assert self.assigned(form, 3) == [team.bob.id] * 3

    def test_fall_to_who_made_the_form_and_then_to_an_admin(self, team: Team) -> None:
        form = web_form(team.mona, user_ids=[team.alice.id])
        team.ada.post(f"/api/v1/users/{team.alice.id}/deactivate", {})
        assert self.assigned(form, 1) == [team.mona.id]
        team.ada.post(f"/api/v1/users/{team.mona.id}/deactivate", {})
        assert self.assigned(form, 2) == [team.ada.id] * 2

    def test_of_who_leaves_go_to_who_takes_over(self, team: Team) -> None:
        form = web_form(team.mona, user_ids=[team.alice.id])
        sent = taken(form, {"first_name": "V", "email": "v@x.test"})
        answer = team.ada.post(
            f"/api/v1/users/{team.alice.id}/deactivate", {"hand_over_to": team.bob.id}
        )
        assert answer.status_code == 200, answer.content
        assert team.mona.get(f"/api/v1/forms/{form['id']}").json()["data"]["user_ids"] == [
            team.bob.id
        ]
        with tenant_scope(team.tenant.pk):
            assert FormSubmission.objects.get(pk=sent.pk).assigned_to_id == team.bob.id
        assert self.assigned(form, 1) == [team.bob.id]

    def test_of_who_leaves_are_not_begun_anew_by_who_takes_over(self, team: Team) -> None:
        form = web_form(team.mona, user_ids=[team.alice.id, team.mona.id])
        first, second = sorted([team.alice.id, team.mona.id])
        assert self.assigned(form, 1) == [first]
        path = f"/api/v1/users/{first}/deactivate"
        assert team.ada.post(path, {"hand_over_to": team.bob.id}).status_code == 200
        assert self.assigned(form, 2) == [second, team.bob.id]


@pytest.mark.django_db
class TestPrograms:
    def test_that_fill_in_the_trap_are_told_nothing(self, team: Team) -> None:
        made = web_form(team.mona, user_ids=[team.alice.id])
        answer = submit(made, {**CARLOS, "website": "http://spam.test"})
        assert answer.status_code == 200
        assert set(answer.json()) == KEYS
        assert answer.json()["success"] is True
        assert counts(team) == (0, 0, 0)
        with tenant_scope(team.tenant.pk):
            kept = FormSubmission.objects.get()
            assert (kept.state, kept.reason, kept.contact_id) == ("rejected", "honeypot", None)
            assert kept.data["website"] == "http://spam.test"
            assert not Notification.objects.exists()

    def test_are_shown_names_as_everybody(self, team: Team) -> None:
        made = web_form(team.mona, user_ids=[team.alice.id, team.bob.id])
        answers = [submit(made, {**CARLOS, "website": "x"}) for _ in range(18)]
        assert len({answer.json()["assigned_to"] for answer in answers}) == 2

    def test_that_are_too_fast_are_told_nothing(self, team: Team) -> None:
        made = web_form(team.mona, min_seconds=5)
        fast = submit(made, {**CARLOS, "form_token": shown_before(team, made, 4)})
        assert fast.json()["success"] is True
        assert counts(team) == (0, 0, 0)
        submit(made, {**CARLOS, "form_token": shown_before(team, made, 6)})
        assert counts(team)[:2] == (1, 1)

    def test_that_forge_when_it_was_shown_are_too_fast(self, team: Team) -> None:
        made, other = web_form(team.mona), web_form(team.mona)
        tokens = ("x", 7, {"a": 1}, shown_before(team, other, 60), "a:b:c")
        for token in tokens:
            assert submit(made, {**CARLOS, "form_token": token}).status_code == 200
        assert counts(team) == (0, 0, 0)

    def test_take_no_turn(self, team: Team) -> None:
        made = web_form(team.mona, user_ids=[team.alice.id, team.bob.id])
        submit(made, {**CARLOS, "website": "x"})
        first = min(team.alice.id, team.bob.id)
        assert taken(made).assigned_to_id == first

    def test_cannot_send_more_than_twenty_a_minute(self, team: Team) -> None:
        made, other = web_form(team.mona), web_form(team.mona)
        for number in range(20):
            assert submit(made, {**CARLOS, "email": f"v{number}@x.test"}).status_code == 200
        before = counts(team)
        refused = submit(made, {**CARLOS, "email": "v21@x.test"})
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) >= 1
        assert counts(team) == before
        assert submit(other).status_code == 200
        assert submit(made, REMOTE_ADDR="10.1.2.3").status_code == 200


@pytest.mark.django_db
class TestOrigins:
    def test_that_are_not_allowed_are_refused(self, team: Team) -> None:
        made = web_form(team.mona)
        for origin in ("https://evil.test", "null", "http://www.acme.test", "https://acme.test"):
            answer = submit(made, HTTP_ORIGIN=origin)
            assert answer.status_code == 403
            assert "Access-Control-Allow-Origin" not in answer
        assert counts(team) == (0, 0, 0)
        with tenant_scope(team.tenant.pk):
            assert set(FormSubmission.objects.values_list("reason", flat=True)) == {"origin"}

    def test_that_are_allowed_may_be_asked_by_browsers(self, team: Team) -> None:
        made = web_form(team.mona)
        answer = submit(made, HTTP_ORIGIN=SITE)
        assert answer.status_code == 200
        assert answer["Access-Control-Allow-Origin"] == SITE
        preflight = self.preflight(f"/api/forms/{made['api_key']}/submit", SITE)
        assert preflight["Access-Control-Allow-Origin"] == SITE
        assert "POST" in preflight["Access-Control-Allow-Methods"]
        assert "content-type" in preflight["Access-Control-Allow-Headers"]

    def test_open_nothing_else(self, team: Team) -> None:
        made, other = web_form(team.mona), web_form(team.mona, allowed_origins=[])
        paths = ["/api/v1/contacts", "/api/v1/forms", f"/api/forms/{other['api_key']}/submit"]
        for path in (*paths, f"/api/forms/{made['api_key']}x/submit"):
            assert "Access-Control-Allow-Origin" not in self.preflight(path, SITE)
        evil = self.preflight(f"/api/forms/{made['api_key']}/submit", "https://evil.test")
        assert "Access-Control-Allow-Origin" not in evil

    def preflight(self, path: str, origin: str) -> Any:
        asked = {"HTTP_ACCESS_CONTROL_REQUEST_METHOD": "POST"}
        return APIClient().options(path, HTTP_ORIGIN=origin, **asked)


@pytest.mark.django_db
class TestBadInput:
    def test_names_every_field_in_the_words_of_the_tenant(self, team: Team) -> None:
        made = web_form(team.mona)
        answer = submit(made, {"first_name": " ", "email": "no", "phone": "12"})
        assert answer.status_code == 422
        assert answer.json()["errors"] == {
            "first_name": ["Este campo es necesario."],
            "email": ["Esto no es un correo."],
            "phone": ["Esto no es un teléfono."],
        }
        assert counts(team) == (0, 0, 0)
        assert not FormSubmission._base_manager.exists()

    @pytest.mark.parametrize(
        ("value", "said"),
        [("x" * 10_001, "Máximo 10000 caracteres."), ("a\0b", "Esto no se puede leer.")],
    )
    def test_is_refused_in_the_words_of_the_tenant(self, team: Team, value: str, said: str) -> None:
        answer = submit(web_form(team.mona), {**CARLOS, "extra": value})
        assert answer.json()["errors"] == {"extra": [said]}

    @pytest.mark.parametrize(
        "sent",
        [
            [],
            "text",
            {**CARLOS, "message": "a\0b"},
            {**CARLOS, "a\0b": "x"},
            {**CARLOS, "k" * 101: "x"},
            {**CARLOS, "extra": "x" * 10_001},
            {**CARLOS, **{f"k{n}": n for n in range(100)}},
            {**CARLOS, "message": "x" * 5001},
            {**CARLOS, "first_name": "x" * 256},
        ],
    )
    def test_is_refused_and_writes_nothing(self, team: Team, sent: Any) -> None:
        answer = submit(web_form(team.mona), sent)
        assert answer.status_code == 422
        assert counts(team) == (0, 0, 0)
        assert not FormSubmission._base_manager.exists()

    def test_of_strange_kinds_is_kept_as_text(self, team: Team) -> None:
        sent = taken(
            web_form(team.mona),
            {**CARLOS, "a": {"b": [1]}, "n": 10**30, "f": 1.5, "t": True, "none": None},
        )
        assert sent.data["a"] == '{"b":[1]}'
        assert sent.data["n"] == str(10**30)
        assert (sent.data["f"], sent.data["t"], sent.data["none"]) == ("1.5", True, None)

    @pytest.mark.parametrize("trap", [{}, {"website": "x"}])
    @pytest.mark.parametrize("inner", [str(10**30), "[" * 300 + "]" * 300, '"ñ"'])
    def test_deep_inside_never_breaks(self, team: Team, inner: str, trap: Any) -> None:
        made = web_form(team.mona)
        sent = json.dumps({**CARLOS, **trap, "x": ["?"]}).replace('"?"', inner)
        path = f"/api/forms/{made['api_key']}/submit"
        answer = APIClient().generic("POST", path, sent, "application/json")
        assert answer.status_code in (200, 422)
        kept = FormSubmission._base_manager.values_list("data", flat=True)
        assert [data["x"] for data in kept] == [f"[{inner}]"] * (answer.status_code == 200)

    @pytest.mark.parametrize("name", [["x"], {"a": 1}, 5, True])
    def test_in_a_field_is_read_as_text(self, team: Team, name: Any) -> None:
        assert submit(web_form(team.mona), {**CARLOS, "first_name": name}).status_code == 200

    def test_that_is_too_large_is_413(self, team: Team) -> None:
        made = web_form(team.mona)
        assert submit(made, {**CARLOS, "message": "x" * 70_000}).status_code == 413

    def test_for_a_form_that_there_is_not_is_404(self, team: Team) -> None:
        made = web_form(team.mona, is_active=False)
        assert submit(made).status_code == 404
        for key in ("nobody-has-this", "%00", "x" * 500):
            assert submit({"api_key": key}).status_code == 404

    def test_of_a_tenant_that_was_locked_is_404(self, team: Team) -> None:
        made = web_form(team.mona)
        type(team.tenant).objects.filter(pk=team.tenant.pk).update(is_active=False)
        assert submit(made).status_code == 404


@pytest.mark.django_db
class TestPlainForms:
    @pytest.mark.parametrize("kind", ["urlencoded", "multipart", "json without a name"])
    def test_are_read_too(self, team: Team, kind: str) -> None:
        made = web_form(team.mona)
        path = f"/api/forms/{made['api_key']}/submit"
        browser = APIClient()
        if kind == "multipart":
            answer = browser.post(path, CARLOS, format="multipart")
        elif kind == "urlencoded":
            body = urlencode(CARLOS)
            answer = browser.generic("POST", path, body, "application/x-www-form-urlencoded")
        else:
            body = '{"first_name": "Carlos", "email": "c@x.test"}'
            answer = browser.generic("POST", path, body, "application/x-www-form-urlencoded")
        assert answer.status_code == 200, answer.content
        assert FormSubmission._base_manager.get().data["first_name"] == "Carlos"

    @pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
    def test_that_are_broken_are_refused(self, team: Team, kind: str) -> None:
        made = web_form(team.mona)
        path = f"/api/forms/{made['api_key']}/submit"
        for body in (b"\xff%00=&&", b"a&" * 6000):
            assert APIClient().generic("POST", path, body, kind).status_code == 422


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_the_same_new_email_makes_one_contact(self, team: Team) -> None:
        forms = [web_form(team.mona, name=f"Form {n}") for n in range(3)]
        answers = at_once(*[lambda form=form: submit(form) for form in forms * 3])
        assert {answer.status_code for answer in answers} == {200}
        assert counts(team)[:2] == (1, 1)
        with tenant_scope(team.tenant.pk):
            assert FormSubmission.objects.filter(contact__isnull=False).count() == 9
            assert FormSubmission.objects.filter(was_known=False).count() == 1

    def test_fifty_are_shared_out_evenly(self, team: Team) -> None:
        people = [team.alice.id, team.bob.id, team.mona.id, team.victor.id, team.ada.id]
        form = web_form(team.mona, user_ids=people)

        def send(number: int) -> Any:
            body = {"first_name": "V", "email": f"v{number}@x.test"}
            return submit(form, body, REMOTE_ADDR=f"10.0.0.{number}")

        answers = []
        for start in range(0, 50, 10):
            works = [lambda number=number: send(number) for number in range(start, start + 10)]
            answers += at_once(*works)
        assert {answer.status_code for answer in answers} == {200}
        with tenant_scope(team.tenant.pk):
            shared = Counter(FormSubmission.objects.values_list("assigned_to", flat=True))
        assert shared == dict.fromkeys(people, 10)

    def test_a_card_with_the_email_and_a_form_make_one(self, team: Team) -> None:
        form = web_form(team.mona)
        rows = [{"name": "C", "email": CARLOS["email"]}]
        answers = at_once(*[lambda: submit(form), lambda: team.alice.post("/prospects", rows)] * 2)
        assert all(answer.status_code in (200, 409) for answer in answers)
        assert counts(team)[:2] == (1, 1)

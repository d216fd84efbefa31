"""`/d/<token>`: the mailed document, for whoever has the link."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from accounts.models import Tenant
from core.tenancy import tenant_scope
from sales.models import ClientAct, Contract, DocumentMail, Signature
from tests.accounts.notifications.told import told
from tests.races import at_once
from tests.sales.documents.documents_of import CONTRACTS, INVOICES, QUOTES, day, done, made, pay
from tests.sales.portal.visitors import Visitor, visit
from tests.sales.sending.mails_of import (
    KINDS,
    MARIA,
    client_of,
    kept,
    link_in,
    link_to,
    mailed,
    time_passes,
    work,
)

MARKUP = "<script>alert(1)</script> {{ 7 * 7 }} {% now 'Y' %}"


def acts(team):
    with tenant_scope(team.tenant.pk):
        return list(ClientAct.objects.order_by("pk"))


def state_of(team, kind, pk):
    return done(team.mona.get(f"{KINDS[kind][1]}/{pk}"))["status"]


@pytest.fixture
def quoted(team):
    """A browser on the page of a sent quote, and the quote."""
    path, document = link_to(team, team.mona, "quote", title="ERP", terms="30 días")
    return visit(path), document


@pytest.fixture
def agreed(team):
    """A browser on the page of a contract to sign, and the contract."""
    path, document = link_to(team, team.mona, "contract", terms="Clause one")
    return visit(path), document


class TestPage:
    def test_shows_the_document_in_the_language_of_its_tenant(self, team, quoted):
        visitor, offer = quoted
        said = ("Cotización", offer["quote_number"], "ERP", "Consultoria", "208,800.00", "30 días")
        for words in (*said, "Aprobar la cotización", team.tenant.name, "Esta página se puede"):
            assert words in visitor.text
        Tenant.objects.filter(pk=team.tenant.pk).update(language="en")
        visitor.opens()
        assert "Approve the quote" in visitor.text
        assert 'lang="en"' in visitor.text

    def test_of_an_invoice_shows_what_is_due(self, team):
        path, bill = link_to(team, team.mona, "invoice", due_at=day(5))
        made(pay(team.mona, bill["id"], 8800))
        visitor = visit(path)
        assert "200,000.00 MXN" in visitor.text
        assert "<form" not in visitor.text

    def test_may_not_be_kept_found_passed_on_or_run_anything(self, quoted):
        visitor, _offer = quoted
        for answer in (visitor.page, visitor.client.get(f"{visitor.path}/pdf")):
            assert answer["Cache-Control"] == "no-store"
            assert answer["Referrer-Policy"] == "no-referrer"
            assert answer["X-Robots-Tag"] == "noindex, nofollow"
            assert "default-src 'none'" in answer["Content-Security-Policy"]
            assert "unsafe" not in answer["Content-Security-Policy"]
        assert "<script" not in visitor.text
        assert " style=" not in visitor.text
        assert re.findall(r'(?:src|href)="(?:https?:)?//', visitor.text) == []

    def test_gives_the_pdf_that_was_mailed(self, team, quoted):
        visitor, offer = quoted
        answer = visitor.client.get(f"{visitor.path}/pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert offer["quote_number"] in answer["Content-Disposition"]
        assert answer.content == work(team)[-1].attachments[0].content

    def test_shows_markup_as_text(self, team):
        Tenant.objects.filter(pk=team.tenant.pk).update(name=MARKUP)
        path, _ = link_to(team, team.mona, "quote", title=MARKUP, notes=MARKUP, terms=MARKUP)
        text = visit(path).text
        assert "<script" not in text
        assert text.count("{{ 7 * 7 }}") >= 4

    def test_needs_no_account_and_looks_at_none(self, team, rivals, quoted):
        visitor, _offer = quoted
        assert rivals.ada.client.get(visitor.path).content
        assert rivals.ada.client.get(visitor.path).status_code == 200


class TestLooking:
    def test_changes_nothing_but_when_it_was_opened_first(self, team, quoted):
        visitor, offer = quoted
        first = kept(team).viewed_at
        assert first
        for path in ("", "/pdf", "/approve", "/reject"):
            for method in ("get", "head", "options"):
                getattr(visitor.client, method)(visitor.path + path)
        assert state_of(team, "quote", offer["id"]) == "sent"
        assert kept(team).viewed_at == first
        assert acts(team) == []

    def test_without_reading_does_not_count(self, team):
        path, _ = link_to(team, team.mona, "quote")
        assert Client().head(path).status_code == 200
        assert kept(team).viewed_at is None


class TestLink:
    def test_is_not_guessed_and_not_stored(self, team, quoted):
        visitor, _offer = quoted
        token = visitor.path.rpartition("/")[2]
        assert len(token) >= 43
        assert kept(team).token_hash == hashlib.sha256(token.encode()).hexdigest()

    @pytest.mark.parametrize(
        "token", ["x", "x" * 5000, "%00", "..%2f..", "%F0%9F%92%A9", "' OR 1=1 --"]
    )
    def test_that_nobody_got_is_404(self, team, quoted, token):
        for path in (f"/d/{token}", f"/d/{token}/pdf"):
            answer = Client().get(path)
            assert answer.status_code == 404
        assert Client().post(f"/d/{token}/approve").status_code == 404

    def test_of_another_is_not_reached_by_its_number(self, team, quoted):
        with tenant_scope(team.tenant.pk):
            mail = DocumentMail.objects.get()
        for token in (mail.pk, mail.token_hash, mail.message_id):
            assert Client().get(f"/d/{token}").status_code == 404

    def test_that_is_over_is_410(self, team, quoted):
        visitor, offer = quoted
        with tenant_scope(team.tenant.pk):
            DocumentMail.objects.update(valid_until=timezone.now())
        for answer in (
            visitor.client.get(visitor.path),
            visitor.client.get(f"{visitor.path}/pdf"),
            visitor.does("approve"),
        ):
            assert answer.status_code == 410
            assert offer["quote_number"] not in answer.content.decode(errors="replace")
        assert state_of(team, "quote", offer["id"]) == "sent"

    def test_works_as_long_as_its_tenant_says(self, team):
        answer = team.ada.put("/api/v1/tenant", {"document_link_days": 3})
        assert done(answer)["document_link_days"] == 3
        link_to(team, team.mona, "quote")
        assert kept(team).valid_until - timezone.now() < timedelta(days=3)
        for wrong in (0, 366, "x", None):
            answer = team.ada.put("/api/v1/tenant", {"document_link_days": wrong})
            assert answer.status_code == 422

    def test_of_a_closed_tenant_is_404(self, team, quoted):
        Tenant.objects.filter(pk=team.tenant.pk).update(is_active=False)
        assert quoted[0].opens().status_code == 404

    @pytest.mark.parametrize("kind", KINDS)
    def test_of_what_was_cancelled_is_410(self, team, kind):
        path, document = link_to(team, team.mona, kind)
        done(team.mona.post(f"{KINDS[kind][1]}/{document['id']}/cancel"))
        assert Client().get(path).status_code == 410

    def test_of_a_deleted_contract_is_410(self, team, agreed):
        visitor, contract = agreed
        assert team.ada.delete(f"{CONTRACTS}/{contract['id']}").status_code == 200
        assert visitor.signs().status_code == 410
        assert visitor.opens().status_code == 410


class TestApproving:
    def test_tells_the_owner_and_keeps_the_evidence(self, team, quoted):
        visitor, offer = quoted
        shown = visitor.hidden("read_sha256")
        answer = visitor.does("approve")
        assert (answer.status_code, answer["Location"]) == (303, visitor.path)
        assert "Esta cotización fue aprobada" in visitor.opens().content.decode()
        assert "<form" not in visitor.text
        assert state_of(team, "quote", offer["id"]) == "approved"
        assert told(team.mona)[0][0] == "quote_approved"
        (act,) = acts(team)
        assert (act.action, act.ip_address, act.shown_sha256) == ("approved", "127.0.0.1", shown)
        assert hashlib.sha256(act.shown_pdf).hexdigest() == shown

    def test_keeps_address_and_browser_of_whoever_did(self, team, settings):
        settings.CRM_TRUSTED_PROXIES = 1
        path, _ = link_to(team, team.mona, "quote")
        browser = {"HTTP_USER_AGENT": "Firefox " * 100, "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
        visit(path, **browser).does("approve")
        (act,) = acts(team)
        assert (act.ip_address, act.user_agent) == ("203.0.113.9", ("Firefox " * 100)[:500])

    def test_stands_in_the_history_as_done_by_link(self, team, quoted):
        visitor, offer = quoted
        visitor.does("approve")
        with tenant_scope(team.tenant.pk):
            events = apps.get_model("sales.QuoteEvent").objects.filter(pgh_obj=offer["id"])
            event = events.order_by("-pgh_id")[0]
        assert event.pgh_context["door"] == "link"
        assert "user" not in event.pgh_context

    def test_twice_is_409_and_done_once(self, team, quoted):
        visitor, _offer = quoted
        visitor.does("approve")
        again = visitor.does("approve")
        assert again.status_code == 409
        assert "Ver el documento" in again.content.decode()
        assert visitor.does("reject").status_code == 409
        assert len(acts(team)) == 1

    def test_of_what_was_changed_meanwhile_is_409(self, team, quoted):
        visitor, offer = quoted
        done(team.mona.put(f"{QUOTES}/{offer['id']}", {"notes": "And one more thing"}))
        assert visitor.does("approve").status_code == 409
        assert (state_of(team, "quote", offer["id"]), acts(team)) == ("sent", [])
        visitor.opens()
        assert visitor.does("approve").status_code == 303

    def test_of_an_expired_quote_is_409(self, team):
        path, offer = link_to(team, team.mona, "quote", valid_until=day(3))
        visitor = visit(path)
        done(team.mona.put(f"{QUOTES}/{offer['id']}", {"valid_until": day(-1)}))
        assert visitor.does("approve").status_code == 409
        assert "Pídanos una nueva" in visitor.opens().content.decode()
        assert "<form" not in visitor.text

    def test_by_a_form_of_somebody_else_is_403(self, team, quoted):
        visitor, offer = quoted
        shown = {name: visitor.hidden(name) for name in ("form_token", "read_sha256")}
        url = f"{visitor.path}/approve"
        for browser, fields in (
            (Client(), shown),
            (visitor.client, {**shown, "form_token": ""}),
            (visitor.client, {**shown, "form_token": "x" * 64}),
            (visitor.client, {"read_sha256": shown["read_sha256"]}),
        ):
            assert browser.post(url, fields).status_code == 403
        assert (state_of(team, "quote", offer["id"]), acts(team)) == ("sent", [])

    def test_with_the_form_of_another_document_is_403(self, team, quoted):
        visitor, _offer = quoted
        path, other = link_to(team, team.mona, "quote", email="other@client.test")
        shown = {name: visitor.hidden(name) for name in ("form_token", "read_sha256")}
        assert visitor.client.post(f"{path}/approve", shown).status_code == 403
        assert state_of(team, "quote", other["id"]) == "sent"

    def test_works_from_behind_https_where_browsers_say_no_origin(self, quoted):
        visitor, _offer = quoted
        shown = {name: visitor.hidden(name) for name in ("form_token", "read_sha256")}
        answer = visitor.client.post(
            f"{visitor.path}/approve", shown, secure=True, HTTP_ORIGIN="null"
        )
        assert answer.status_code == 303

    @pytest.mark.parametrize("kind", ["invoice", "contract"])
    def test_of_what_is_no_quote_is_404(self, team, quoted, kind):
        visitor, _offer = quoted
        path, document = link_to(team, team.mona, "contract", email="other@client.test")
        other = visit(path)
        assert other.does("approve").status_code == 404
        assert other.does("reject").status_code == 404
        assert visitor.signs().status_code == 404
        assert state_of(team, "contract", document["id"]) == "draft"


class TestRejecting:
    def test_keeps_the_reason_and_tells_it(self, team, quoted):
        visitor, offer = quoted
        assert visitor.does("reject", reason="Too dear\n" + MARKUP).status_code == 303
        stored = done(team.mona.get(f"{QUOTES}/{offer['id']}"))
        assert (stored["status"], MARKUP in stored["reject_reason"]) == ("rejected", True)
        assert "Too dear" in told(team.mona)[0][1]
        assert acts(team)[0].reason == stored["reject_reason"]
        assert "Esta cotización fue rechazada" in visitor.opens().content.decode()

    @pytest.mark.parametrize("reason", ["x" * 1001, "a\0b"])
    def test_refuses_a_reason_that_is_none_and_shows_the_form_again(self, team, quoted, reason):
        visitor, offer = quoted
        answer = visitor.does("reject", reason=reason)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
        assert state_of(team, "quote", offer["id"]) == "sent"


class TestSigning:
    def test_signs_the_very_pdf_that_was_shown(self, team, agreed):
        visitor, contract = agreed
        read = visitor.client.get(f"{visitor.path}/pdf").content
        assert hashlib.sha256(read).hexdigest() == visitor.hidden("read_sha256")
        assert visitor.signs(company_name="Soluciones\r\nSA").status_code == 303
        with tenant_scope(team.tenant.pk):
            kept_of_it = Signature.objects.get(contract=contract["id"])
        assert bytes(kept_of_it.content_pdf) == read
        assert kept_of_it.recorded_by_id is None
        assert (kept_of_it.client_name, kept_of_it.company_name) == ("Maria Lopez", "Soluciones SA")
        assert kept_of_it.ip_address == "127.0.0.1"
        (act,) = acts(team)
        assert (act.action, act.name, act.shown_pdf) == ("signed", "Maria Lopez", None)
        assert told(team.mona)[0][0] == "contract_signed"
        visitor.opens()
        assert "Este contrato está firmado" in visitor.text
        assert kept_of_it.content_sha256 in visitor.text
        signed = visitor.client.get(f"{visitor.path}/pdf").content
        assert signed == bytes(kept_of_it.signed_pdf)

    def test_shows_from_then_on_what_was_signed_alone(self, team):
        who = client_of(team.mona)
        path, contract = link_to(
            team, team.mona, "contract", contact_id=who, terms="Clause one", notes="Old note"
        )
        visitor = visit(path)
        visitor.signs()
        signed = visitor.client.get(f"{path}/pdf").content
        done(team.mona.put(f"{CONTRACTS}/{contract['id']}", {"notes": "New note"}))
        done(team.mona.put(f"/api/v1/contacts/{who}", {"first_name": "Eve", "company": "Evil"}))
        Tenant.objects.filter(pk=team.tenant.pk).update(address="Another street")
        visitor.opens()
        for words in ("New note", "Old note", "Eve", "Another street", "Para</h2>"):
            assert words not in visitor.text
        for words in (contract["title"], "450,000.00 MXN", "Clause one", "Maria Lopez"):
            assert words in visitor.text
        assert visitor.client.get(f"{path}/pdf").content == signed

    @pytest.mark.parametrize(
        "fields",
        [
            {"client_name": ""},
            {"client_name": " \u202e\u200b "},
            {"client_name": "x" * 256},
            {"client_name": "a\0b"},
            {"company_name": "x" * 256},
            {"is_agreed": ""},
            {"read_sha256": ""},
            {"read_sha256": "x" * 65},
        ],
    )
    def test_needs_a_name_and_the_tick(self, team, agreed, fields):
        visitor, contract = agreed
        answer = visitor.signs(**fields)
        assert answer.status_code == 422
        assert "Firmar el contrato" in answer.content.decode()
        assert (state_of(team, "contract", contract["id"]), acts(team)) == ("draft", [])

    def test_of_what_was_changed_meanwhile_is_409(self, team, agreed):
        visitor, contract = agreed
        done(team.mona.put(f"{CONTRACTS}/{contract['id']}", {"value": 9_999_999}))
        assert visitor.signs().status_code == 409
        assert visitor.signs(read_sha256="0" * 64).status_code == 409
        assert state_of(team, "contract", contract["id"]) == "draft"
        visitor.opens()
        assert visitor.signs().status_code == 303

    def test_twice_is_409_and_keeps_the_first(self, team, agreed):
        visitor, contract = agreed
        visitor.signs()
        assert visitor.signs(client_name="Eve").status_code == 409
        signature = done(team.mona.get(f"{CONTRACTS}/{contract['id']}"))["signature"]
        assert signature["client_name"] == "Maria Lopez"

    @pytest.mark.django_db(transaction=True)
    def test_by_many_at_once_happens_once(self, team):
        path, contract = link_to(team, team.mona, "contract")
        visitors = [visit(path) for _ in range(5)]
        answers = at_once(*(visitor.signs for visitor in visitors))
        assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409, 409]
        with tenant_scope(team.tenant.pk):
            assert Signature.objects.count() == ClientAct.objects.count() == 1
            assert Contract.objects.get(pk=contract["id"]).status == "signed"


class TestThrottling:
    def test_of_an_address_is_429_with_a_page(self, team, quoted):
        visitor, _offer = quoted
        for number in range(60):
            Client().get(f"/d/guess-{number}")
        answer = visitor.client.get(visitor.path)
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        assert "text/html" in answer["Content-Type"]
        assert Client(REMOTE_ADDR="203.0.113.5").get(visitor.path).status_code == 200

    def test_of_a_link_counts_what_is_done_for_more(self, team, quoted):
        visitor, offer = quoted
        for number in range(10):
            browser = Client(REMOTE_ADDR=f"203.0.113.{number}")
            assert browser.post(f"{visitor.path}/approve").status_code == 403
        assert visitor.does("approve").status_code == 429
        assert state_of(team, "quote", offer["id"]) == "sent"


class TestInvoices:
    def test_say_that_they_are_paid_or_overdue(self, team):
        path, bill = link_to(team, team.mona, "invoice", issued_at=day(-9), due_at=day(-1))
        assert "Esta factura está vencida" in visit(path).text
        made(pay(team.mona, bill["id"], bill["total"]))
        assert "Esta factura está pagada" in visit(path).text
        assert done(team.mona.get(f"{INVOICES}/{bill['id']}"))["delivery"]["viewed_at"]


class TestVisitors:
    def test_of_two_tenants_each_see_their_own(self, team, rivals):
        ours, _ = link_to(team, team.mona, "quote", title="acme only")
        mailed(rivals.mona, "quote", contact_id=client_of(rivals.mona), title="rivals only")
        theirs = link_in(work(rivals)[-1])
        assert "rivals only" not in visit(ours).text
        assert "acme only" not in visit(theirs).text
        assert Visitor(theirs).opens().status_code == 200


class TestMails:
    def test_are_listed_with_what_was_done_by_their_links(self, team, quoted):
        visitor, offer = quoted
        url = f"{QUOTES}/{offer['id']}"
        visitor.does("reject", reason="Too dear")
        (mail,) = done(team.mona.get(f"{url}/mails"))
        assert (mail["status"], mail["purpose"], mail["to"]) == ("sent", "document", MARIA)
        assert mail["viewed_at"]
        (act,) = mail["acts"]
        assert (act["action"], act["reason"]) == ("rejected", "Too dear")
        assert (act["ip_address"], act["shown_sha256"]) == (
            "127.0.0.1",
            acts(team)[0].shown_sha256,
        )
        assert "token" not in str(mail)

    def test_take_few_statements(self, team, quoted, django_assert_max_num_queries):
        _visitor, offer = quoted
        for _ in range(3):
            time_passes(team, minutes=1)
            done(team.mona.post(f"{QUOTES}/{offer['id']}/send"))
            work(team)
        with django_assert_max_num_queries(4):
            assert len(done(team.mona.get(f"{QUOTES}/{offer['id']}/mails"))) == 4

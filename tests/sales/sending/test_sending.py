"""`POST …/send` mails a document with its PDF and a link; its detail tells what became of it."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.utils import timezone

from accounts.models import Tenant
from core.tasks import sweep_pending
from core.tenancy import tenant_scope
from sales.models import DocumentMail
from tests.sales.contacts.contacts_of import contact
from tests.sales.documents.documents_of import INVOICES, QUOTES, done, invoice, made, pay, quote
from tests.sales.sending.mails_of import (
    KINDS,
    MARIA,
    client_of,
    count,
    delivery,
    kept,
    link_in,
    mailed,
    time_passes,
    work,
)

MARKUP = "<script>alert(1)</script> {{ 7 * 7 }} {% now 'Y' %}"
HOSTILE = f"Bcc: eve@evil.test\r\nBcc: eve@evil.test\n\n{MARKUP}"


def raw(letter):
    """A mail as it goes over the wire, read again."""
    return message_from_bytes(letter.message().as_bytes(linesep="\r\n"), policy=default)


class TestSending:
    @pytest.mark.parametrize("kind", KINDS)
    def test_mails_the_pdf_and_a_link_to_the_contact(self, team, kind):
        document = mailed(team.mona, kind)
        number = document[f"{kind}_number"]
        assert document["delivery"]["status"] == "pending"
        (letter,) = work(team)
        assert letter.to == [MARIA]
        assert number in letter.subject
        assert team.tenant.name in letter.subject
        assert link_in(letter)
        ((name, content, mime),) = letter.attachments
        assert (name, content[:5], mime) == (f"{number}.pdf", b"%PDF-", "application/pdf")
        told = delivery(team.mona, kind, document["id"])
        assert (told["status"], told["to"], told["error"]) == ("sent", MARIA, "")
        assert told["sent_at"]
        assert told["link_valid_until"] > told["sent_at"]

    def test_comes_from_the_tenant_and_is_answered_by_the_owner(self, team, settings):
        settings.DEFAULT_FROM_EMAIL = "CRM <crm@host.test>"
        Tenant.objects.filter(pk=team.tenant.pk).update(name='Ñandú, "Uno" SA')
        mailed(team.mona, "quote", owner_id=team.alice.id)
        letter = raw(work(team)[0])
        (sender,) = letter["From"].addresses
        assert (sender.display_name, sender.addr_spec) == ('Ñandú, "Uno" SA', "crm@host.test")
        (answers,) = letter["Reply-To"].addresses
        assert (answers.display_name, answers.addr_spec) == ("Alice Sales", "alice@acme.test")
        assert letter["Message-ID"] == kept(team).message_id
        assert letter["Message-ID"].endswith("@host.test>")

    def test_speaks_the_language_of_the_tenant(self, team):
        for language, word in (("es", "Cotización"), ("en", "Quote")):
            Tenant.objects.filter(pk=team.tenant.pk).update(language=language)
            mailed(team.mona, "quote", email=f"{language}@client.test")
            letter = work(team)[-1]
            assert letter.subject.startswith(word)
            assert f'lang="{language}"' in letter.alternatives[0][0]

    def test_takes_address_subject_and_message(self, team):
        body = {"to": "Pagos <PAGOS@client.test>", "subject": "Lo prometido", "message": "A\nB"}
        document = mailed(team.mona, "quote", body)
        (letter,) = work(team)
        assert (letter.to, letter.subject) == (["pagos@client.test"], "Lo prometido")
        assert "A\nB" in letter.body
        assert "A<br>B" in letter.alternatives[0][0]
        assert delivery(team.mona, "quote", document["id"])["to"] == "pagos@client.test"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("to", "nobody"),
            ("to", "a@b.test\r\nBcc: eve@evil.test"),
            ("to", 5),
            ("subject", "x" * 201),
            ("message", "x" * 5001),
            ("message", "a\0b"),
            ("message", []),
        ],
    )
    def test_refuses_what_is_wrong_and_sends_nothing(self, team, field, value):
        offer = quote(team.mona, contact_id=client_of(team.mona))
        answer = team.mona.post(f"{QUOTES}/{offer['id']}/send", {field: value})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
        assert count(team) == 0
        assert done(team.mona.get(f"{QUOTES}/{offer['id']}"))["status"] == "draft"

    def test_shows_what_people_typed_as_text(self, team):
        Tenant.objects.filter(pk=team.tenant.pk).update(name=HOSTILE, language="en")
        who = contact(team.mona, first_name=MARKUP, emails=[MARIA])["id"]
        body = {"message": HOSTILE, "subject": HOSTILE}
        mailed(team.mona, "quote", body, contact_id=who, title=HOSTILE)
        mailed(team.mona, "quote", contact_id=who, title=HOSTILE)
        for each in work(team):
            letter = raw(each)
            assert letter["Bcc"] is None
            assert letter.get_all("To") == [MARIA]
            assert "{{ 7 * 7 }}" in letter["Subject"]
            html = letter.get_body(("html",)).get_content()
            assert "<script>" not in html
            assert "&lt;script&gt;" in html
            assert "{{ 7 * 7 }}" in html
            assert "{{ 7 * 7 }}" in letter.get_body(("plain",)).get_content()

    def test_without_an_address_says_so_and_can_be_repeated(self, team):
        who = contact(team.mona)["id"]
        offer = mailed(team.mona, "quote", contact_id=who)
        assert (offer["status"], offer["delivery"]["status"]) == ("sent", "failed")
        assert offer["delivery"]["error"] == "El contacto no tiene correo."
        assert work(team) == []
        done(team.mona.put(f"/api/v1/contacts/{who}", {"emails": [MARIA]}))
        done(team.mona.post(f"{QUOTES}/{offer['id']}/send"))
        assert len(work(team)) == 1

    def test_is_woken_by_the_sweep(self, team):
        mailed(team.mona, "quote")
        sweep_pending()
        assert kept(team).status == "sent"
        sweep_pending()
        assert len(work(team)) == 1

    def test_is_not_told_in_lists(self, team):
        mailed(team.mona, "quote")
        (row,) = team.mona.get(QUOTES).json()["data"]
        assert "delivery" not in row


class TestSendingAgain:
    def test_mails_it_again_with_a_link_of_its_own(self, team):
        offer = mailed(team.mona, "quote")
        work(team)
        time_passes(team, minutes=1)
        done(team.mona.post(f"{QUOTES}/{offer['id']}/send"))
        first, second = work(team)
        assert first.subject == second.subject
        assert link_in(first) != link_in(second)
        assert team.mona.client.get(link_in(first)).status_code == 200

    def test_at_once_is_one_click_even_where_the_worker_is_quick(self, team):
        offer = mailed(team.mona, "quote")
        work(team)
        done(team.mona.post(f"{QUOTES}/{offer['id']}/send"))
        assert len(work(team)) == 1
        done(team.mona.post(f"{QUOTES}/{offer['id']}/send", {"message": "One more word"}))
        assert len(work(team)) == 2

    def test_back_to_the_address_whose_link_has_ended_mails_it_again(self, team):
        offer = mailed(team.mona, "quote")
        with tenant_scope(team.tenant.pk):
            in_flight = {"status": "in_flight", "due_at": timezone.now() + timedelta(minutes=5)}
            DocumentMail.objects.update(**in_flight)
        for to in ("new@client.test", MARIA):
            done(team.mona.post(f"{QUOTES}/{offer['id']}/send", {"to": to}))
            assert work(team)[-1].to == [to]
        assert team.mona.client.get(link_in(work(team)[-1])).status_code == 200

    def test_without_an_address_ends_no_link(self, team):
        who = client_of(team.mona)
        offer = mailed(team.mona, "quote", contact_id=who)
        link = link_in(work(team)[-1])
        done(team.mona.put(f"/api/v1/contacts/{who}", {"emails": []}))
        again = done(team.mona.post(f"{QUOTES}/{offer['id']}/send"))
        assert again["delivery"]["status"] == "failed"
        assert team.mona.client.get(link).status_code == 200

    def test_before_it_left_changes_what_is_sent_once(self, team):
        offer = mailed(team.mona, "quote")
        done(team.mona.post(f"{QUOTES}/{offer['id']}/send", {"to": "new@client.test"}))
        (letter,) = work(team)
        assert letter.to == ["new@client.test"]

    def test_to_another_address_ends_the_links_before(self, team):
        offer = mailed(team.mona, "quote")
        old = link_in(work(team)[-1])
        done(team.mona.post(f"{QUOTES}/{offer['id']}/send", {"to": "new@client.test"}))
        new = link_in(work(team)[-1])
        assert team.mona.client.get(old).status_code == 410
        assert team.mona.client.get(new).status_code == 200

    def test_of_what_was_cancelled_meanwhile_sends_nothing(self, team):
        offer = mailed(team.mona, "quote")
        done(team.mona.post(f"{QUOTES}/{offer['id']}/cancel"))
        assert work(team) == []
        assert delivery(team.mona, "quote", offer["id"])["status"] == "failed"

    def test_of_an_overdue_invoice_works_and_of_a_paid_one_is_409(self, team):
        bill = mailed(team.mona, "invoice")
        work(team)
        time_passes(team, minutes=1)
        done(team.mona.post(f"{INVOICES}/{bill['id']}/send"))
        assert len(work(team)) == 2
        made(pay(team.mona, bill["id"], bill["total"]))
        assert team.mona.post(f"{INVOICES}/{bill['id']}/send").status_code == 409
        assert len(work(team)) == 2


class TestTenants:
    def test_send_their_own_alone(self, team, rivals):
        mailed(team.mona, "quote")
        assert work(rivals) == []
        assert len(work(team)) == 1

    def test_do_not_read_of_each_others_mails(self, team, rivals):
        bill = invoice(team.mona, contact_id=client_of(team.mona))
        assert rivals.ada.post(f"{INVOICES}/{bill['id']}/send").status_code == 404
        assert count(team) == 0

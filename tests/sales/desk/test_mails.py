"""What became of a document's mails stands on its page."""

from __future__ import annotations

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from core.tenancy import tenant_scope
from sales.models import DocumentMail, Quote
from tests.sales.desk.pages import act, page
from tests.sales.documents.documents_of import approved_quote, quote, stored
from tests.sales.portal.visitors import visit
from tests.sales.sending.mails_of import MARIA, client_of, kept, link_to, mailed, work
from tests.staff import messages_of, signed_in


def mails(person, pk):
    """The table of mails on a quote's page, as rows of texts."""
    answer = signed_in(person.user).get(page("quote", "change", pk))
    assert answer.status_code == 200
    table = answer.context["mails"]
    for row in table["rows"] if table else ():
        assert row[2] in answer.content.decode()
    return table and [[str(cell) for cell in row] for row in table["rows"]]


class TestMails:
    def test_are_none_of_a_draft(self, team):
        assert mails(team.alice, quote(team.alice)["id"]) is None

    def test_say_what_the_client_did(self, team):
        path, offer = link_to(team, team.alice, "quote")
        (row,) = mails(team.alice, offer["id"])
        assert row[1:] == ["Documento", MARIA, "Enviado", "-", "-"]
        visit(path).does("reject", reason="Muy caro <b>")
        (row,) = mails(team.alice, offer["id"])
        assert row[4] != "-"
        assert row[5] == "Rechazada: Muy caro <b>"

    def test_say_why_one_did_not_arrive(self, team):
        offer = mailed(team.alice, "quote")
        with tenant_scope(team.tenant.pk):
            waiting = DocumentMail.objects.filter(quote=offer["id"])
            waiting.update(status="failed", answer="550 no such mailbox")
        (row,) = mails(team.alice, offer["id"])
        assert row[3] == "Fallida: 550 no such mailbox"


class TestSending:
    def test_reads_the_address_as_the_api_does(self, team):
        path, offer = link_to(team, team.alice, "quote")
        answer = act(team.alice, "quote", "send", offer["id"], to="Maria <MARIA@client.test> ")
        assert answer.status_code == 200
        work(team)
        assert kept(team, quote=offer["id"]).recipient == MARIA
        assert visit(path)  # the same address: the link before works on

    def test_says_what_is_no_address(self, team):
        offer = quote(team.alice)
        act(team.alice, "quote", "send", offer["id"], to="nobody")
        assert mails(team.alice, offer["id"]) is None


class TestSendingMany:
    def send(self, person, kind, *pks):
        sent = {"action": "send_selected", "apply": 1, ACTION_CHECKBOX_NAME: pks}
        path = page(kind, "changelist")
        return messages_of(signed_in(person.user).post(path, sent, follow=True))

    def test_asks_first_and_mails_each(self, team):
        maria = client_of(team.alice)
        one, two = (quote(team.alice, contact_id=maria) for _ in range(2))
        chosen = {"action": "send_selected", ACTION_CHECKBOX_NAME: [one["id"], two["id"]]}
        asked = signed_in(team.alice.user).post(page("quote", "changelist"), chosen)
        assert "2 filas" in asked.content.decode()
        assert stored(team, Quote, one["id"]).status == "draft"
        assert "2" in self.send(team.alice, "quote", one["id"], two["id"])
        for each in (one, two):
            assert stored(team, Quote, each["id"]).status == "sent"
            assert len(mails(team.alice, each["id"])) == 1

    def test_says_of_which_it_could_not(self, team):
        maria = client_of(team.alice)
        ready, mute = quote(team.alice, contact_id=maria), quote(team.alice)
        refused = approved_quote(team.alice)
        told = self.send(team.alice, "quote", ready["id"], mute["id"], refused["id"])
        assert f"{mute['quote_number']}: Su contacto no tiene correo" in told
        assert refused["quote_number"] in told
        assert ready["quote_number"] not in told
        assert stored(team, Quote, mute["id"]).status == "draft"

    def test_leaves_those_of_others_alone(self, team, rivals):
        maria = client_of(team.alice)
        theirs = quote(team.alice, contact_id=maria)
        for person in (team.bob, rivals.ada):
            self.send(person, "quote", theirs["id"])
            assert stored(team, Quote, theirs["id"]).status == "draft"

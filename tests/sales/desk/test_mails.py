"""What became of a document's mails stands on its page."""

from __future__ import annotations

from core.tenancy import tenant_scope
from sales.models import DocumentMail
from tests.sales.desk.pages import act, page
from tests.sales.documents.documents_of import quote
from tests.sales.portal.visitors import visit
from tests.sales.sending.mails_of import MARIA, kept, link_to, mailed, work
from tests.staff import signed_in


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

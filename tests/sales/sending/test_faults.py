"""Mail servers on bad days: what is refused waits or fails, what is uncertain is never doubled."""

from __future__ import annotations

import socket

import pytest
from django.utils import timezone

from core.delivering import MOST_ATTEMPTS, send_claimed
from core.outbox import claim_next
from core.tenancy import tenant_scope
from sales.models import DocumentMail
from sales.sending.delivering import DOCUMENTS
from sales.sending.tasks import send_mails
from tests.accounts.notifications.told import told
from tests.races import at_once
from tests.sales.documents.documents_of import QUOTES, done
from tests.sales.sending.mails_of import (
    MARIA,
    client_of,
    delivery,
    kept,
    link_in,
    mailed,
    time_passes,
    work,
)
from tests.smtp import CLOSE, HANG, running

REFUSED = [(step, answer) for step in ("MAIL", "RCPT", "DATA", "end") for answer in ("421", "550")]


@pytest.fixture
def server(settings):
    """A mail server of our own."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.4
    with running() as server:
        settings.EMAIL_PORT = server.port
        yield server


class TestServer:
    def test_takes_a_mail_once(self, team, server):
        offer = mailed(team.mona, "quote")
        for _ in range(3):
            work(team)
        (letter,) = server.taken
        assert (letter["To"], len(list(letter.iter_attachments()))) == (MARIA, 1)
        assert delivery(team.mona, "quote", offer["id"])["status"] == "sent"

    @pytest.mark.parametrize(("step", "answer"), REFUSED)
    def test_that_refuses_is_asked_again_or_not(self, team, server, step, answer):
        server.does[step] = f"{answer} not now"
        offer = mailed(team.mona, "quote")
        work(team)
        mail = kept(team)
        assert mail.answer_status == int(answer)
        assert "not now" in mail.answer
        is_asked_again = answer == "421" or step == "MAIL"  # then it is we whom it does not want
        status = "pending" if is_asked_again else "failed"
        assert delivery(team.mona, "quote", offer["id"])["status"] == status
        server.does.clear()
        server.taken.clear()
        work(team)
        assert server.taken == []  # not before its time
        time_passes(team, minutes=2)
        work(team)
        assert len(server.taken) == (1 if is_asked_again else 0)

    @pytest.mark.parametrize("step", ["connect", "EHLO"])
    @pytest.mark.parametrize("fault", [CLOSE, HANG, "421 closing", "554 no service"])
    def test_that_breaks_off_before_the_mail_is_asked_again(self, team, server, step, fault):
        server.does[step] = fault
        if step == "EHLO" and fault[0].isdigit():
            server.does["HELO"] = fault
        mailed(team.mona, "quote")
        work(team)
        assert kept(team).status == "pending"
        assert kept(team).answer
        server.does.clear()
        time_passes(team, minutes=2)
        work(team)
        assert (len(server.taken), kept(team).status) == (1, "sent")

    @pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "end"])
    @pytest.mark.parametrize("fault", [CLOSE, HANG])
    def test_that_breaks_off_in_the_middle_leaves_it_to_people(self, team, server, step, fault):
        server.does[step] = fault
        offer = mailed(team.mona, "quote")
        work(team)
        assert delivery(team.mona, "quote", offer["id"])["status"] == "unclear"
        assert told(team.mona)[0][0] == "document_not_delivered"
        taken = len(server.taken)
        server.does.clear()
        time_passes(team, days=9)
        work(team)
        assert len(server.taken) == taken
        done(team.mona.post(f"{QUOTES}/{offer['id']}/send"))
        work(team)
        assert len(server.taken) == taken + 1
        assert delivery(team.mona, "quote", offer["id"])["status"] == "sent"

    @pytest.mark.parametrize("fault", [CLOSE, HANG, "500 what?"])
    def test_that_forgets_its_manners_has_taken_the_mail(self, team, server, fault):
        server.does["QUIT"] = fault
        mailed(team.mona, "quote")
        work(team)
        assert (len(server.taken), kept(team).status) == (1, "sent")

    @pytest.mark.parametrize("answer", ["421 slow down", "550 quota exceeded"])
    def test_that_wants_none_of_us_is_not_asked_for_each_mail(self, team, server, answer):
        for number in range(3):
            mailed(team.mona, "quote", email=f"c{number}@client.test")
        server.does["MAIL"] = answer
        work(team)
        assert server.reached.count("MAIL") == 1
        server.does.clear()
        time_passes(team, minutes=2)
        work(team)
        assert len(server.taken) == 3

    def test_that_answers_the_text_with_nonsense_leaves_it_to_people(self, team, server):
        server.does["end"] = "garbage"
        mailed(team.mona, "quote")
        work(team)
        assert (kept(team).status, kept(team).answer_status) == ("unclear", None)

    def test_that_is_down_is_not_asked_for_each_mail(self, team, settings, server):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            settings.EMAIL_PORT = free.getsockname()[1]
        for number in range(3):
            mailed(team.mona, "quote", email=f"c{number}@client.test")
        work(team)
        with tenant_scope(team.tenant.pk):
            attempts = sorted(mail.attempts for mail in DocumentMail.objects.all())
        assert attempts == [0, 0, 1]
        settings.EMAIL_PORT = server.port
        time_passes(team, minutes=2)
        work(team)
        assert len(server.taken) == 3

    def test_that_falls_silent_is_left_alone_for_a_while(self, team, server):
        server.does["end"] = CLOSE
        for number in range(3):
            mailed(team.mona, "quote", email=f"c{number}@client.test")
        work(team)
        assert len(server.taken) == 1
        server.does.clear()
        work(team)
        assert sorted(letter["To"] for letter in server.taken) == [
            f"c{number}@client.test" for number in range(3)
        ]

    def test_that_never_has_time_is_given_up(self, team, server):
        server.does["RCPT"] = "450 busy"
        offer = mailed(team.mona, "quote")
        waits = []
        for _ in range(MOST_ATTEMPTS):
            assert kept(team).status == "pending"
            time_passes(team, days=1)
            work(team)
            waits.append(kept(team).due_at - timezone.now())
        assert kept(team).status == "failed"
        assert waits[0] < waits[1] < waits[2] < waits[5]
        assert told(team.mona)[0][0] == "document_not_delivered"
        assert server.reached.count("RCPT") == MOST_ATTEMPTS
        assert "450 busy" in delivery(team.mona, "quote", offer["id"])["error"]


class TestWorkers:
    @pytest.mark.django_db(transaction=True)
    def test_side_by_side_send_each_mail_once(self, team, settings):
        who = client_of(team.mona)
        for _ in range(12):
            mailed(team.mona, "quote", contact_id=who)
        with tenant_scope(team.tenant.pk):  # in tests they are sent as soon as they are asked for
            DocumentMail.objects.update(status="pending", attempts=0, due_at=timezone.now())
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        with running() as server:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
            at_once(*[lambda: send_mails(tenant_id=team.tenant.pk)] * 4)
            sent = [letter["Message-ID"] for letter in server.taken]
        assert (len(sent), len(set(sent))) == (12, 12)


class TestMail:
    def test_is_written_to_files_where_there_is_no_server(self, team, settings, tmp_path):
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        settings.EMAIL_FILE_PATH = tmp_path
        offer = mailed(team.mona, "quote")
        work(team)
        assert delivery(team.mona, "quote", offer["id"])["status"] == "sent"
        (file,) = tmp_path.iterdir()
        assert kept(team).message_id in file.read_text()

    def test_that_changed_hands_is_let_be(self, team, server):
        """Sent again, to somebody else, while a worker has it: that worker sends nothing."""
        offer = mailed(team.mona, "quote")
        with tenant_scope(team.tenant.pk):
            pk = claim_next(DocumentMail, at=timezone.now())
            mine = DocumentMail.objects.select_related("tenant", "asked_by").get(pk=pk)
            done(team.mona.post(f"{QUOTES}/{offer['id']}/send", {"to": "new@client.test"}))
            send_claimed(DOCUMENTS, mine)
        assert server.taken == []
        work(team)
        assert [letter["To"] for letter in server.taken] == ["new@client.test"]

    def test_that_another_worker_has_sent_keeps_the_link_that_it_was_sent_with(self, team):
        """A worker that slept through its lease wakes up: the link in the mail works on."""
        mailed(team.mona, "quote")
        with tenant_scope(team.tenant.pk):
            pk = claim_next(DocumentMail, at=timezone.now())
            mine = DocumentMail.objects.select_related("tenant", "asked_by").get(pk=pk)
        time_passes(team, minutes=3)
        (letter,) = work(team)
        with tenant_scope(team.tenant.pk):
            send_claimed(DOCUMENTS, mine)
        assert len(work(team)) == 1
        assert team.mona.client.get(link_in(letter)).status_code == 200

    def test_that_nobody_was_heard_of_again_becomes_unclear(self, team, server):
        offer = mailed(team.mona, "quote")
        with tenant_scope(team.tenant.pk):
            DocumentMail.objects.update(status="in_flight", due_at=timezone.now())
        work(team)
        assert server.taken == []
        told_of = delivery(team.mona, "quote", offer["id"])
        assert told_of["status"] == "unclear"
        assert told_of["error"]

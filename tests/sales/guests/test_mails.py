"""Whoever is invited gets a mail with a calendar file; so do changes, and what is called off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Tenant
from core.delivering import send_claimed
from core.letters import own_address
from core.outbox import claim_next
from core.tenancy import tenant_scope
from sales.guests.delivering import EVENT_MAILS
from sales.models import Event, EventMail
from tests.accounts.notifications.told import told
from tests.races import at_once
from tests.sales.contacts.contacts_of import contact
from tests.sales.events.events_of import (
    MARIA,
    add,
    done,
    event,
    make_past,
    maria,
    path_of,
    rsvp,
    soon,
)
from tests.sales.guests.mails_of import calendar_of, file_of, link_in, mails, raw, time_passes, work
from tests.smtp import CLOSE, running

HOSTILE = 'Líne; one, "two" \\ three\r\nBEGIN:VALARM ' + "ñandú " * 20


@pytest.fixture
def invited(team):
    """An event of Alice's, and Maria on its list."""
    shown = event(team.alice, location="Sala B", description="Bring a pen")
    return shown, add(team.alice, shown["id"], contact_id=maria(team.alice))


def invite_again(team, pk, whom):
    return done(team.alice.post(path_of(pk, "invite"), {"whom": whom}))["count"]


class TestInvitation:
    def test_is_mailed_once_in_the_language_of_the_tenant(self, team, invited):
        shown, _maria = invited
        (letter,) = work(team)
        assert letter.to == [MARIA]
        assert letter.subject == f"Invitación: {shown['title']} ({team.tenant.name})"
        for words in ("Hola, Maria Lopez", "le invita", "Sala B", "Bring a pen"):
            assert words in letter.body
        assert work(team) == []
        assert mails(team) == [("invitation", MARIA, "sent")]
        (person,) = done(team.alice.get(path_of(shown["id"])))["attendees"]
        assert person["mail_status"] == "sent"

    def test_brings_what_calendars_understand(self, team, invited):
        shown, _maria = invited
        (letter,) = work(team)
        method, entry = calendar_of(letter)
        assert method == "REQUEST"
        with tenant_scope(team.tenant.pk):
            kept = Event.objects.get(pk=shown["id"])
        assert (entry["UID"], entry["SEQUENCE"]) == (str(kept.uid), 0)
        assert entry.decoded("DTSTART") == kept.start_at.replace(microsecond=0)
        assert b"\r\nDTSTART:" + kept.start_at.strftime("%Y%m%dT%H%M%SZ").encode() in file_of(
            letter
        )
        assert entry["ORGANIZER"] == f"mailto:{own_address()}"
        assert entry["ORGANIZER"].params["CN"] == team.tenant.name
        guest = entry["ATTENDEE"]
        assert guest == f"mailto:{MARIA}"
        assert (guest.params["RSVP"], guest.params["PARTSTAT"]) == ("TRUE", "NEEDS-ACTION")
        assert (entry["LOCATION"], entry["STATUS"]) == ("Sala B", "CONFIRMED")

    def test_is_whole_whatever_was_typed(self, team):
        shown = event(team.alice, title="Ü" * 200, location="a;b", description=HOSTILE)
        who = contact(team.alice, first_name='M"a;r:i,a', last_name="Ñ" * 100, emails=[MARIA])
        add(team.alice, shown["id"], contact_id=who["id"])
        (letter,) = work(team)
        _method, entry = calendar_of(letter)
        assert entry["DESCRIPTION"] == HOSTILE.strip().replace("\r\n", "\n")
        assert "VALARM" not in [each.name for each in entry.subcomponents]
        lines = file_of(letter).split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert b"\n" not in b"".join(lines)
        assert sum(line.startswith(b"BEGIN:") for line in lines) == 2
        assert len(letter.subject) <= 200

    def test_keeps_blanks_that_do_not_break(self, team):
        event_id = event(team.alice, title="10:00\u00a0p.\u3000m. 👩\u200d🚒")["id"]
        add(team.alice, event_id, contact_id=maria(team.alice))
        _method, entry = calendar_of(work(team)[0])
        assert " ".join(entry["SUMMARY"].split()) == "10:00 p. m. 👩\u200d🚒"

    def test_is_answered_by_the_owner(self, team, invited):
        letter = raw(work(team)[0])
        (answers,) = letter["Reply-To"].addresses
        assert answers.addr_spec == "alice@acme.test"

    def test_without_an_address_is_told_at_once(self, team):
        pk = event(team.alice)["id"]
        who = contact(team.alice, emails=[])["id"]
        assert add(team.alice, pk, contact_id=who)["mail_status"] == "failed"
        assert work(team) == []

    def test_is_not_sent_when_nobody_wants_it(self, team):
        pk = event(team.alice)["id"]
        add(team.alice, pk, contact_id=maria(team.alice), send_invitation=False)
        assert mails(team) == []

    def test_is_sent_again_when_asked_for_but_not_by_a_double_click(self, team, invited):
        pk = invited[0]["id"]
        assert invite_again(team, pk, "unanswered") == 1  # it still waits
        assert len(work(team)) == 1
        assert invite_again(team, pk, "unanswered") == 0
        time_passes(team, minutes=1)
        assert invite_again(team, pk, "new") == 0
        assert invite_again(team, pk, "unanswered") == 1
        assert len(work(team)) == 1
        done(team.alice.put(path_of(pk, "attendees", invited[1]["id"]), {"status": "declined"}))
        time_passes(team, minutes=1)
        assert invite_again(team, pk, "everybody") == 0

    def test_is_not_sent_again_to_whom_nobody_means_or_when_it_is_over(self, team, invited):
        path = path_of(invited[0]["id"], "invite")
        for whom in ("x", None, 5, ["new"]):
            assert team.alice.post(path, {"whom": whom}).status_code == 422
        make_past(team, invited[0]["id"])
        assert team.alice.post(path, {"whom": "everybody"}).status_code == 409

    def test_that_waits_is_not_sent_to_who_was_taken_off(self, team, invited):
        shown, person = invited
        assert team.alice.delete(path_of(shown["id"], "attendees", person["id"])).status_code == 200
        assert work(team) == []

    def test_tells_colleagues_by_notification_too(self, team):
        add(team.alice, event(team.alice)["id"], user_id=team.bob.id)
        (letter,) = work(team)
        assert letter.to == ["bob@acme.test"]
        assert [each[0] for each in told(team.bob)] == ["event_invited"]


class TestChange:
    def test_of_the_time_is_mailed_with_a_higher_sequence(self, team, invited):
        shown, _maria = invited
        _method, before = calendar_of(work(team)[0])
        moved = {"start_at": soon(days=5), "end_at": soon(days=5, hours=1)}
        done(team.alice.put(path_of(shown["id"]), moved))
        (letter,) = work(team)
        method, entry = calendar_of(letter)
        assert (method, entry["UID"], entry["SEQUENCE"]) == ("REQUEST", before["UID"], 1)
        assert entry.decoded("DTSTART") - before.decoded("DTSTART") > timedelta(days=1)
        assert letter.subject.startswith("Otra hora o lugar")

    def test_of_the_title_alone_is_not_mailed(self, team, invited):
        work(team)
        done(team.alice.put(path_of(invited[0]["id"]), {"title": "Other", "max_attendees": 5}))
        done(team.alice.put(path_of(invited[0]["id"]), {"location": "Sala B"}))
        assert work(team) == []

    def test_before_the_invitation_left_is_in_the_invitation(self, team, invited):
        done(team.alice.put(path_of(invited[0]["id"]), {"location": "Elsewhere"}))
        (letter,) = work(team)
        _method, entry = calendar_of(letter)
        assert (entry["LOCATION"], entry["SEQUENCE"]) == ("Elsewhere", 1)

    def test_while_a_worker_has_the_invitation_in_hand_is_not_lost(self, team, invited):
        """What was written before the change is let be; what leaves says the new place."""
        with tenant_scope(team.tenant.pk):
            pk = claim_next(EventMail, at=timezone.now())
            mine = EventMail.objects.select_related("tenant", "event").get(pk=pk)
        done(team.alice.put(path_of(invited[0]["id"]), {"location": "Elsewhere"}))
        with tenant_scope(team.tenant.pk):
            send_claimed(EVENT_MAILS, mine)
        (letter,) = work(team)
        assert "Elsewhere" in letter.body

    def test_is_not_told_to_who_declined(self, team, invited):
        shown, person = invited
        work(team)
        path = path_of(shown["id"], "attendees", person["id"])
        done(team.alice.put(path, {"status": "declined"}))
        done(team.alice.put(path_of(shown["id"]), {"location": "Elsewhere"}))
        assert work(team) == []


class TestCallingOff:
    @pytest.mark.parametrize("how", ["cancelled", "deleted"])
    def test_is_mailed_to_who_was_invited(self, team, invited, how):
        shown, _person = invited
        _method, before = calendar_of(work(team)[0])
        if how == "cancelled":
            done(team.alice.put(path_of(shown["id"]), {"owner_id": team.bob.id}))
            done(team.alice.post(path_of(shown["id"], "cancel")))
        else:
            assert team.mona.delete(path_of(shown["id"])).status_code == 200
        (letter,) = work(team)
        method, entry = calendar_of(letter)
        assert (method, entry["STATUS"], entry["UID"]) == ("CANCEL", "CANCELLED", before["UID"])
        assert entry["SEQUENCE"] > before["SEQUENCE"]
        assert entry["ORGANIZER"] == before["ORGANIZER"]
        assert entry["ATTENDEE"] == f"mailto:{MARIA}"
        assert "/e/" not in letter.body
        assert letter.subject.startswith("Se canceló")

    def test_of_one_who_is_taken_off_does_not_say_that_all_is_off(self, team, invited):
        shown, person = invited
        _method, before = calendar_of(work(team)[0])
        team.alice.delete(path_of(shown["id"], "attendees", person["id"]))
        method, entry = calendar_of(work(team)[0])
        assert (method, entry["UID"], "STATUS" in entry) == ("CANCEL", before["UID"], False)
        assert (entry["SEQUENCE"], entry["ATTENDEE"]) == (1, f"mailto:{MARIA}")
        add(team.alice, shown["id"], contact_id=person["contact_id"])
        method, entry = calendar_of(work(team)[0])
        assert (method, entry["STATUS"], entry["SEQUENCE"]) == ("REQUEST", "CONFIRMED", 1)

    def test_is_not_mailed_to_who_never_heard_of_it(self, team, invited):
        shown, _person = invited
        add(team.alice, shown["id"], user_id=team.bob.id, send_invitation=False)
        assert team.mona.delete(path_of(shown["id"])).status_code == 200
        assert work(team) == []
        assert [status for *_rest, status in mails(team)] == ["failed"]


class TestServer:
    @pytest.fixture
    def server(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.4
        with running() as server:
            settings.EMAIL_PORT = server.port
            yield server

    def test_that_refuses_is_asked_again(self, team, invited, server):
        server.does["RCPT"] = "450 busy"
        work(team)
        assert mails(team) == [("invitation", MARIA, "pending")]
        server.does.clear()
        time_passes(team, minutes=2)
        work(team)
        assert (len(server.taken), mails(team)[0][2]) == (1, "sent")

    def test_that_refuses_for_good_is_told_to_the_owner(self, team, invited, server):
        server.does["RCPT"] = "550 nobody here"
        work(team)
        assert mails(team) == [("invitation", MARIA, "failed")]
        assert told(team.alice)[-1][0] == "event_mail_not_delivered"

    def test_that_breaks_off_leaves_it_to_people(self, team, invited, server):
        server.does["end"] = CLOSE
        work(team)
        server.does.clear()
        time_passes(team, days=1)
        work(team)
        assert (len(server.taken), mails(team)) == (1, [("invitation", MARIA, "unclear")])
        assert invite_again(team, invited[0]["id"], "unanswered") == 1
        work(team)
        assert len(server.taken) == 2

    @pytest.mark.parametrize("how", ["cancelled", "taken off"])
    def test_that_breaks_off_at_a_cancellation_is_asked_again_by_people(
        self, team, invited, server, how
    ):
        shown, person = invited
        work(team)
        server.does["end"] = CLOSE
        if how == "cancelled":
            done(team.alice.post(path_of(shown["id"], "cancel")))
        else:
            team.alice.delete(path_of(shown["id"], "attendees", person["id"]))
        work(team)
        server.does.clear()
        assert mails(team)[-1] == ("cancellation", MARIA, "unclear")
        again = path_of(shown["id"], "cancel", "tell-again")
        assert [done(team.alice.post(again))["count"] for _ in range(2)] == [1, 0]
        work(team)
        assert (len(server.taken), mails(team)[-1][2]) == (3, "sent")  # one had arrived
        assert done(team.alice.post(again))["count"] == 0

    @pytest.mark.django_db(transaction=True)
    def test_gets_each_mail_once_from_workers_side_by_side(self, team, settings):
        pk = event(team.alice)["id"]
        for person in team.everybody.values():
            add(team.alice, pk, user_id=person.id)
        with tenant_scope(team.tenant.pk):  # in tests they are sent as soon as they are asked for
            EventMail.objects.update(status="pending", attempts=0, due_at=timezone.now())
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        with running() as server:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
            at_once(*[lambda: work(team)] * 3)
            assert sorted(letter["To"] for letter in server.taken) == sorted(
                person.user.email for person in team.everybody.values()
            )


class TestNothingLeaves:
    def test_when_the_event_is_over_by_then(self, team, invited):
        make_past(team, invited[0]["id"])
        assert work(team) == []
        assert mails(team) == [("invitation", MARIA, "failed")]

    def test_in_english_what_is_spanish(self, team, invited):
        Tenant.objects.filter(pk=team.tenant.pk).update(language="en")
        done(rsvp(team.bob, invited[0]["id"]))
        done(team.alice.put(path_of(invited[0]["id"]), {"location": "Elsewhere"}))
        letters = {each.to[0]: each for each in work(team)}
        assert "another time or place" in letters["bob@acme.test"].body
        assert link_in(letters["bob@acme.test"])

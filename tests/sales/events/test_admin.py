"""Events in the back office: listed, planned, people invited, called off, checked in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.tenancy import tenant_scope
from sales.events.answering import answer
from sales.models import Attendee, Event, EventMail
from tests.days import today
from tests.people import add_user
from tests.sales.events.events_of import (
    MARIA,
    add,
    done,
    event,
    make_past,
    maria,
    path_of,
    people,
    rsvp,
    soon,
)
from tests.sales.guests.mails_of import mails, time_passes, work
from tests.staff import errors_of, filled_in, messages_of, signed_in

LIST, ADD = reverse("admin:sales_event_changelist"), reverse("admin:sales_event_add")


def page_of(pk, name="change"):
    return reverse(f"admin:sales_event_{name}", args=(pk,))


def day(number):
    when = today() + timedelta(days=number)
    return f"{when:%Y-%m-%d}"


@pytest.fixture
def browser(team):
    return signed_in(team.alice.user)


@pytest.fixture
def pk(team):
    """An event of Alice's with Maria and Bob on its list."""
    made = event(team.alice)["id"]
    add(team.alice, made, contact_id=maria(team.alice))
    add(team.alice, made, user_id=team.bob.id)
    return made


def times(first=3, last=3):
    return {
        "start_at_0": day(first),
        "start_at_1": "10:00",
        "end_at_0": day(last),
        "end_at_1": "12:00",
    }


def answered(team, pk, attendee, status):
    """A guest answers by their link."""
    with tenant_scope(team.tenant.pk):
        at = timezone.now()
        answer(event_id=pk, attendee_id=attendee, status=status, by=None, at=at)


class TestList:
    def test_begins_with_what_comes_next(self, team, browser):
        first, past = event(team.alice, title="Past one")["id"], event(team.alice, title="Next")
        make_past(team, first)
        off = event(team.alice, title="Off")["id"]
        done(team.alice.post(path_of(off, "cancel")))
        for query, expected in (
            ("", ["Next"]),
            ("?when=past", ["Past one"]),
            ("?when=off", ["Off"]),
            ("?when=all&q=one", ["Past one"]),
            ("?type=webinar", ["Next"]),
            ("?type=meeting", []),
        ):
            shown = browser.get(LIST + query).context["cl"].result_list
            assert [each.title for each in shown] == expected, query
        assert past

    def test_counts_in_few_statements(self, team, browser, pk, django_assert_max_num_queries):
        for _ in range(5):
            add(team.alice, event(team.alice)["id"], user_id=team.bob.id)
        with django_assert_max_num_queries(12):
            assert browser.get(LIST).status_code == 200


class TestForm:
    def test_plans_an_event_and_invites(self, team, browser):
        page = browser.get(ADD)
        who = maria(team.alice)
        sent = filled_in(page, title="Comida", type="Reunión", **times(), max_attendees="4")
        sent |= {"remind_before": "1440, 30", "attendees-0-contact": who}
        answer = browser.post(ADD, sent, follow=True)
        assert "1 invitación va en camino" in messages_of(answer)
        with tenant_scope(team.tenant.pk):
            made = Event.objects.get()
            assert (made.type, made.remind_before) == ("reunión", [30, 1440])
            assert (made.owner_id, made.max_attendees) == (team.alice.id, 4)
        assert mails(team) == [("invitation", MARIA, "pending")]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", ""),
            ("title", "x" * 256),
            ("type", "İ" * 50),  # a hundred in small letters
            ("end_at_0", day(1)),
            ("online_url", "javascript:alert(1)"),
            ("max_attendees", "0"),
            ("remind_before", "soon"),
            ("remind_before", "1"),
        ],
    )
    def test_says_what_is_wrong(self, team, browser, field, value):
        sent = filled_in(browser.get(ADD), title="x", type="x", **times()) | {field: value}
        answer = browser.post(ADD, sent)
        assert answer.status_code == 200
        assert errors_of(answer)
        with tenant_scope(team.tenant.pk):
            assert not Event.objects.exists()

    def test_changes_answers_and_takes_people_off(self, team, browser, pk):
        work(team)
        page = browser.get(page_of(pk))
        sent = filled_in(page) | {"attendees-0-status": "accepted", "attendees-1-DELETE": "on"}
        assert browser.post(page_of(pk), sent).status_code == 302
        with tenant_scope(team.tenant.pk):
            (left,) = Attendee.objects.all()
            assert (left.status, left.user_id) == ("accepted", None)
        assert ("cancellation", "bob@acme.test", "pending") in mails(team)

    def test_leaves_what_guests_answered_meanwhile(self, team, browser, pk):
        who = people(team.alice, pk)[0]["id"]
        answered(team, pk, who, "accepted")
        page = browser.get(page_of(pk))
        assert 'name="initial-attendees-0-status"' in page.content.decode()
        answered(team, pk, who, "declined")
        assert browser.post(page_of(pk), filled_in(page, title="Another")).status_code == 302
        shown = done(team.alice.get(path_of(pk)))
        assert shown["title"] == "Another"
        assert [each["status"] for each in shown["attendees"]] == ["declined", "invited"]

    def test_leaves_what_a_colleague_changed_meanwhile(self, team, browser, pk):
        work(team)
        page = browser.get(page_of(pk))
        moved = {"start_at": soon(days=9), "end_at": soon(days=9, hours=1), "is_mandatory": True}
        done(team.mona.put(path_of(pk), {**moved, "remind_before": [15]}))
        work(team)
        before = done(team.alice.get(path_of(pk)))
        for name in ("title", "start_at", "is_mandatory", "remind_before", "owner"):
            assert f'name="initial-{name}"' in page.content.decode()
        typed = filled_in(page, description="Bring a pen", title="")
        again = browser.post(page_of(pk), typed)
        assert errors_of(again)
        typed = filled_in(again, title="Typed twice")
        assert browser.post(page_of(pk), typed).status_code == 302
        after = done(team.alice.get(path_of(pk)))
        changed = {name for name in after if after[name] != before[name]} - {"updated_at"}
        assert changed == {"title", "description"}
        assert work(team) == []

    def test_keeps_a_time_that_was_typed_before_another_mistake(self, team, browser, pk):
        typed = filled_in(browser.get(page_of(pk)), **times(5, 5), title="")
        again = browser.post(page_of(pk), typed)
        assert browser.post(page_of(pk), filled_in(again, title="x")).status_code == 302
        assert done(team.alice.get(path_of(pk)))["start_at"][:10] == day(5)

    def test_that_is_saved_as_it_was_changes_nothing(self, team, browser, pk):
        before = done(team.alice.get(path_of(pk)))
        assert browser.post(page_of(pk), filled_in(browser.get(page_of(pk)))).status_code == 302
        assert done(team.alice.get(path_of(pk))) == before

    def test_says_why_it_refuses(self, team, browser):
        made = event(team.alice, max_attendees=1)["id"]
        done(rsvp(team.bob, made))
        add(team.alice, made, contact_id=maria(team.alice))
        sent = filled_in(browser.get(page_of(made))) | {"attendees-1-status": "accepted"}
        answer = browser.post(page_of(made), sent)
        assert "No quedan lugares." in answer.content.decode()
        done(rsvp(team.victor, made, "tentative"))
        done(team.alice.put(path_of(made), {"max_attendees": 2}))
        done(rsvp(team.victor, made))
        sent = filled_in(browser.get(page_of(made)), max_attendees="1")
        assert "max_attendees" in errors_of(browser.post(page_of(made), sent))

    def test_shows_only_contacts_whom_one_sees(self, team, pk):
        page = signed_in(team.bob.user).get(page_of(pk)).content.decode()
        assert (MARIA in page, "bob@acme.test" in page) == (False, True)

    def test_is_only_looked_at_by_viewers_and_when_called_off(self, team, browser, pk):
        viewer = signed_in(team.victor.user)
        assert viewer.get(page_of(pk)).status_code == 200
        assert viewer.post(page_of(pk), {"title": "x"}).status_code == 403
        assert viewer.get(page_of(pk, "check_in")).status_code == 404
        done(team.alice.post(path_of(pk, "cancel")))
        assert browser.get(page_of(pk)).status_code == 200
        assert browser.post(page_of(pk), {"title": "x"}).status_code == 403

    def test_deletes_and_tells_who_was_invited(self, team, pk):
        work(team)
        manager = signed_in(team.mona.user)
        manager.post(page_of(pk, "delete"), {"post": "yes"})
        assert {each.subject[:11] for each in work(team)} == {"Se canceló:"}

    def test_of_many_people_is_few_statements(
        self, team, browser, pk, django_assert_max_num_queries
    ):
        for number in range(12):
            user = add_user(team.tenant, f"guest{number}", "acme", "viewer")
            add(team.alice, pk, user_id=user.pk)
        with django_assert_max_num_queries(14):
            assert browser.get(page_of(pk)).status_code == 200


class TestActions:
    def act(self, browser, pk, name, **sent):
        path = page_of(pk, name)
        assert browser.get(path).status_code == 200
        return browser.post(path, sent, follow=True)

    def test_invite_again(self, team, browser, pk):
        work(team)
        answer = self.act(browser, pk, "invite", whom="new")
        assert "0 invitaciones" in messages_of(answer)
        time_passes(team, minutes=1)
        answer = self.act(browser, pk, "invite", whom="unanswered")
        assert "2 invitaciones van en camino" in messages_of(answer)
        assert len(work(team)) == 2

    def test_remind_now_once_in_a_minute(self, team, browser, pk):
        work(team)
        for _ in range(2):
            assert "2 recordatorios" in messages_of(self.act(browser, pk, "remind"))
        assert len(work(team)) == 2
        with tenant_scope(team.tenant.pk):
            assert EventMail.objects.filter(purpose="reminder").count() in (2, 4)

    def test_cancel(self, team, browser, pk):
        work(team)
        assert "se canceló" in messages_of(self.act(browser, pk, "cancel"))
        assert len(work(team)) == 2
        assert "Este evento se canceló" in self.act(browser, pk, "cancel").content.decode()

    def test_tell_again_who_need_not_come(self, team, browser, pk):
        work(team)
        self.act(browser, pk, "cancel")
        work(team)
        with tenant_scope(team.tenant.pk):
            EventMail.objects.filter(purpose="cancellation").update(status="unclear")
        for count in (2, 0):
            assert f"{count} correos van en camino" in messages_of(
                self.act(browser, pk, "tell_again")
            )
            assert len(work(team)) == count


class TestCheckIn:
    def test_is_a_button_for_each_and_happens_once(self, team, browser, pk):
        path = page_of(pk, "check_in")
        shown = browser.get(path)
        assert "Han llegado 0 de 2" in shown.content.decode()
        who = next(each for each in shown.context["people"] if each.contact_id)
        assert "Maria Lopez ya está aquí" in messages_of(
            browser.post(path, {"attendee": who.pk}, follow=True)
        )
        again = browser.post(path, {"attendee": who.pk}, follow=True)
        assert "ya estaba registrada" in messages_of(again)
        assert "Han llegado 1 de 2" in again.content.decode()

    def test_finds_people_by_name(self, team, browser, pk):
        found = browser.get(page_of(pk, "check_in"), {"q": "LOPEZ mar"}).context["people"]
        assert [each.name for each in found] == ["Maria Lopez"]
        for query, names in (("lópez", ["Maria Lopez"]), ("bob@acme", ["Bob Sales"]), ("%_", [])):
            found = browser.get(page_of(pk, "check_in"), {"q": query}).context["people"]
            assert [each.name for each in found] == names, query

    @pytest.mark.parametrize("sent", ["", "x", "0", "9" * 40, "-1", "٣"])
    def test_refuses_who_is_nobody(self, team, browser, pk, sent):
        answer = browser.post(page_of(pk, "check_in"), {"attendee": sent}, follow=True)
        assert answer.status_code == 200
        with tenant_scope(team.tenant.pk):
            assert not Attendee.objects.filter(checked_in_at__isnull=False).exists()

    def test_is_for_the_tenants_own(self, rivals, pk):
        assert signed_in(rivals.ada.user).get(page_of(pk, "check_in")).status_code == 404

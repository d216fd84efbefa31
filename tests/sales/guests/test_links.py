"""`/e/<token>`: whoever was invited answers, without an account."""

from __future__ import annotations

import pytest
from django.utils import timezone
from icalendar import Calendar

from accounts.models import Tenant
from core.tenancy import tenant_scope
from sales.models import Attendee
from tests.sales.events.events_of import add, done, event, make_past, maria, path_of, rsvp
from tests.sales.guests.mails_of import link_in, work
from tests.sales.portal.visitors import Visitor, visit


class Guest(Visitor):
    """A browser on the page of an invitation."""

    def says(self, status: str, **fields: str):
        token = {"form_token": self.hidden("form_token")}
        return self.client.post(f"{self.path}/answer", {**token, "status": status, **fields})


def guest_of(team, **fields):
    """Maria at the page of her invitation, and the event."""
    shown = event(team.alice, **fields)
    add(team.alice, shown["id"], contact_id=maria(team.alice))
    guest = Guest(link_in(work(team)[-1]))
    assert guest.opens().status_code == 200
    return guest, shown


def answered(team):
    with tenant_scope(team.tenant.pk):
        return list(Attendee.objects.order_by("pk").values_list("status", flat=True))


class TestPage:
    def test_shows_the_event_in_the_language_of_its_tenant(self, team):
        guest, shown = guest_of(team, location="Sala <b>B</b>", description="Bring a pen")
        for words in (shown["title"], "Sala &lt;b&gt;B", "Bring a pen", "Asistiré", "Invitación"):
            assert words in guest.text
        Tenant.objects.filter(pk=team.tenant.pk).update(language="en")
        assert "Do you come?" in guest.opens().content.decode()

    def test_may_be_looked_at_without_answering(self, team):
        guest, _shown = guest_of(team)
        for _ in range(3):
            guest.opens()
        guest.client.head(guest.path)
        guest.client.get(f"{guest.path}/answer?status=accepted")
        guest.client.get(f"{guest.path}/event.ics")
        assert answered(team) == ["invited"]

    def test_may_not_be_kept_found_or_passed_on(self, team):
        guest, _shown = guest_of(team)
        for answer in (guest.page, guest.client.get(f"{guest.path}/event.ics")):
            assert answer["Cache-Control"] == "no-store"
            assert answer["Referrer-Policy"] == "no-referrer"
            assert "default-src 'none'" in answer["Content-Security-Policy"]

    def test_takes_every_answer_and_another_one(self, team):
        guest, _shown = guest_of(team)
        for status in ("accepted", "declined", "tentative", "accepted"):
            said = guest.says(status)
            assert (said.status_code, said["Location"]) == (303, guest.path)
            assert answered(team) == [status]
        assert "Asistirá." in guest.opens().content.decode()

    @pytest.mark.parametrize("status", ["", "invited", "x", "a\0b"])
    def test_takes_no_other_answer(self, team, status):
        guest, _shown = guest_of(team)
        assert guest.says(status).status_code == 422
        assert answered(team) == ["invited"]

    def test_takes_no_forms_of_others(self, team):
        guest, _shown = guest_of(team)
        forged = guest.client.post(f"{guest.path}/answer", {"status": "accepted"})
        stolen = Guest(guest.path)
        stolen.opens()
        stolen.client.cookies.clear()
        assert (forged.status_code, stolen.says("accepted").status_code) == (403, 403)
        assert answered(team) == ["invited"]

    def test_says_that_every_seat_is_taken(self, team):
        guest, shown = guest_of(team, max_attendees=1)
        done(rsvp(team.bob, shown["id"]))
        refused = guest.says("accepted")
        assert (refused.status_code, "No quedan lugares" in refused.content.decode()) == (409, True)
        assert guest.says("declined").status_code == 303

    def test_gives_the_event_for_a_calendar(self, team):
        guest, shown = guest_of(team)
        file = guest.client.get(f"{guest.path}/event.ics")
        assert file["Content-Type"].startswith("text/calendar")
        calendar = Calendar.from_ical(file.content)
        (entry,) = calendar.walk("VEVENT")
        assert (calendar["METHOD"], entry["SUMMARY"]) == ("PUBLISH", shown["title"])
        assert "ATTENDEE" not in entry


class TestLink:
    @pytest.mark.parametrize("how", ["over", "cancelled", "deleted", "taken off"])
    def test_ends_with_the_event(self, team, how):
        guest, shown = guest_of(team)
        if how == "over":
            make_past(team, shown["id"])
        elif how == "cancelled":
            done(team.alice.post(path_of(shown["id"], "cancel")))
        elif how == "deleted":
            team.mona.delete(path_of(shown["id"]))
        else:
            with tenant_scope(team.tenant.pk):
                Attendee.objects.all().delete()
        assert guest.says("accepted").status_code == 410
        assert guest.client.get(guest.path).status_code == 410

    @pytest.mark.parametrize("token", ["x", "x" * 43, "ñ", "%00", "..", "a" * 500])
    def test_that_nobody_was_sent_is_unknown(self, team, token):
        guest_of(team)
        assert Guest(f"/e/{token}").opens().status_code == 404

    def test_works_for_the_tenant_it_is_of(self, team, rivals):
        guest, _shown = guest_of(team)
        Tenant.objects.filter(pk=team.tenant.pk).update(is_active=False)
        assert guest.opens().status_code == 404

    def test_is_throttled(self, team):
        guest, _shown = guest_of(team)
        codes = {guest.says("tentative").status_code for _ in range(12)}
        assert codes == {303, 429}

    def test_of_an_earlier_mail_works_on(self, team):
        guest, shown = guest_of(team)
        done(team.alice.put(path_of(shown["id"]), {"location": "Elsewhere"}))
        newer = visit(link_in(work(team)[-1]))
        assert "Elsewhere" in newer.text
        assert guest.says("accepted").status_code == 303
        assert timezone.now()

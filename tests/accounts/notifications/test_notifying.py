from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Notification, Tenant
from accounts.notifications.services import Notice, notify_users
from core.tenancy import tenant_scope
from prospects.followups.services import add_note
from prospects.followups.tasks import remind_all
from prospects.models import FollowUpNote, Prospect
from prospects.pipeline.moves import hand_over_cards
from tests.accounts.notifications.told import told
from tests.prospects.cards_of import card
from tests.prospects.imports.plans import bring_in
from tests.sales.contacts.contacts_of import contact
from tests.staff import signed_in


def notice(person, key="event", **given):
    text = {"type": "told", "title": "T", "body": "B", "url": "/x"}
    return Notice(user_id=person.id, key=key, **{**text, **given})


class TestNotify:
    def test_tells_each_event_once(self, in_tenant):
        for _number in range(2):
            notify_users([notice(in_tenant.alice), notice(in_tenant.bob)])
        notify_users([notice(in_tenant.alice, "another")])
        assert len(told(in_tenant.alice)) == 2
        assert len(told(in_tenant.bob)) == 1

    def test_speaks_the_language_of_the_tenant(self, in_tenant):
        for key, language, title in (("a", "es", "Avisos"), ("b", "en", "Notifications")):
            Tenant.objects.filter(pk=in_tenant.tenant.pk).update(language=language)
            notify_users([notice(in_tenant.alice, key, title=_("Notifications"))])
            assert Notification.objects.get(key=key).title == title

    def test_shortens_a_title_that_is_too_long(self, in_tenant):
        notify_users([notice(in_tenant.alice, title="x" * 300)])
        assert len(Notification.objects.get().title) == 255

    def test_asks_nothing_to_tell_nobody(self, in_tenant, django_assert_num_queries):
        with django_assert_num_queries(0):
            notify_users([])

    def test_goes_with_the_transaction(self, in_tenant):
        with transaction.atomic():
            notify_users([notice(in_tenant.alice)])
            transaction.set_rollback(True)
        assert told(in_tenant.alice) == []


class TestAssignment:
    def test_of_an_owner_is_told(self, team):
        made = card(team, owner=team.alice, company_name="Acme {0} %s")
        path = f"/prospects/{made.pk}"
        for owner in (team.bob, team.bob, team.alice):
            assert team.mona.patch(path, {"created_by": owner.id}).status_code == 200
        assert told(team.bob) == [("prospect_assigned", "Acme {0} %s", path)]
        assert told(team.alice) == [("prospect_assigned", "Acme {0} %s", path)]

    def test_of_a_part_in_the_team_is_told_to_whom_it_is_new(self, team):
        made = card(team, owner=team.alice, company_name="Acme")
        path = f"/prospects/{made.pk}/data"
        for parts in ({"kae": team.bob.id}, {"kae": team.bob.id, "csr": None}, {"kae": None}):
            assert team.mona.patch(path, {"assignments": parts}).status_code == 200
        assert told(team.bob) == [("prospect_assigned", "KAE: Acme", f"/prospects/{made.pk}")]

    def test_that_is_refused_is_not_told(self, team):
        card(team, owner=team.alice, email="taken@x.mx")
        made = card(team, owner=team.alice, email="mine@x.mx")
        body = {"created_by": team.bob.id, "email": "taken@x.mx"}
        assert team.mona.patch(f"/prospects/{made.pk}", body).status_code == 409
        assert told(team.bob) == []

    def test_of_many_cards_is_one_summary(self, team):
        made = [card(team, owner=team.alice, company_name=f"Card {n}").pk for n in range(3)]
        with tenant_scope(team.tenant.pk):
            hand_over_cards(prospect_ids=made, owner_id=team.bob.id, at=timezone.now())
        ((_type, body, url),) = told(team.bob)
        assert "3" in body
        assert url == "/prospects/list"

    def test_of_new_cards_is_told_to_owners_who_did_not_send_them(self, team):
        rows = [{"name": f"P{n}", "created_by": team.bob.id} for n in range(2)]
        answer = team.mona.post("/prospects", [*rows, {"name": "Mine"}])
        assert len(answer.json()["inserts"]) == 3
        assert len(told(team.bob)) == 1
        assert told(team.mona) == []

    def test_of_imported_cards_is_one_summary_for_each_owner(self, in_tenant):
        rows = "".join(f"P{n},{in_tenant.bob.user.email}\n" for n in range(3))
        mine = f"Mine,{in_tenant.mona.user.email}\n"
        bring_in(f"name,owner\n{rows}{mine}", by=in_tenant.mona.user)
        ((kind, body, _url),) = told(in_tenant.bob)
        assert (kind, "3" in body) == ("prospect_assigned", True)
        assert told(in_tenant.mona) == []


class TestShare:
    def test_is_told_once(self, team):
        made = card(team, owner=team.alice, company_name="Acme")
        path = f"/prospects/{made.pk}/shares"
        for _number in range(2):
            assert team.alice.post(path, {"user_id": team.bob.id, "permission": "view"}).json()
        assert told(team.bob) == [("prospect_shared", "Acme", f"/prospects/{made.pk}")]
        team.alice.delete(f"{path}/{team.bob.id}")
        team.alice.post(path, {"user_id": team.bob.id, "permission": "view"})
        assert len(told(team.bob)) == 2


class TestDueFollowUp:
    def planned(self, team, *, ago, owner=None, made=None):
        made = made or card(team, owner=owner, company_name="Acme")
        at = timezone.now()
        with tenant_scope(team.tenant.pk):
            note = add_note(
                prospect_id=made.pk,
                note="Call back",
                by=team.alice.user,
                at=at - timedelta(days=30),
            )
            FollowUpNote.objects.filter(pk=note.pk).update(scheduled_at=at - ago)
        return made, note

    def test_is_told_to_the_owner_once(self, team):
        made, _note = self.planned(team, owner=team.bob, ago=timedelta(minutes=1))
        assert [remind_all(), remind_all()] == [1, 0]
        url = f"/prospects/{made.pk}"
        assert told(team.bob) == [("follow_up_due", "Acme: Call back", url)]
        assert told(team.alice) == []

    def test_of_nobodys_card_is_told_to_who_wrote_it(self, team):
        self.planned(team, ago=timedelta(minutes=1))
        remind_all()
        assert len(told(team.alice)) == 1

    def test_is_told_again_when_it_is_planned_anew(self, team):
        _made, note = self.planned(team, owner=team.bob, ago=timedelta(hours=1))
        remind_all()
        with tenant_scope(team.tenant.pk):
            moment = timezone.now() - timedelta(minutes=1)
            FollowUpNote.objects.filter(pk=note.pk).update(scheduled_at=moment)
        remind_all()
        assert len(told(team.bob)) == 2

    @pytest.mark.parametrize(
        ("ago", "change"),
        [
            (timedelta(minutes=-5), {}),
            (timedelta(days=8), {}),
            (timedelta(minutes=1), {"done_at": timezone.now()}),
        ],
    )
    def test_is_not_told_before_long_after_or_when_settled(self, team, ago, change):
        _made, note = self.planned(team, owner=team.bob, ago=ago)
        with tenant_scope(team.tenant.pk):
            FollowUpNote.objects.filter(pk=note.pk).update(note="x", **change)
        remind_all()
        assert told(team.bob) == []

    def test_of_a_deleted_card_is_not_told(self, team):
        made, _note = self.planned(team, owner=team.bob, ago=timedelta(minutes=1))
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=made.pk).update(deleted_at=timezone.now())
        assert remind_all() == 1
        assert told(team.bob) == []

    def test_with_a_person_alone_is_told_to_their_owner(self, team):
        pk = contact(team.alice, owner_id=team.bob.id)["id"]
        with tenant_scope(team.tenant.pk):
            FollowUpNote.objects.create(contact_id=pk, note="Ring", scheduled_at=timezone.now())
        remind_all()
        assert told(team.bob) == [("follow_up_due", "Maria: Ring", f"/contacts/{pk}")]

    def test_of_many_is_told_in_several_goes(self, team, monkeypatch):
        monkeypatch.setattr("prospects.followups.reminders.AT_ONCE", 2)
        made, _note = self.planned(team, owner=team.bob, ago=timedelta(minutes=1))
        for minutes in range(2, 6):
            self.planned(team, made=made, ago=timedelta(minutes=minutes))
        assert remind_all() == 5


class TestBackOffice:
    def test_shows_only_ones_own(self, in_tenant):
        notify_users([notice(in_tenant.alice, title="For Alice")])
        notify_users([notice(in_tenant.bob, title="For Bob")])
        path = reverse("admin:accounts_notification_changelist")
        for person, shown, hidden in (
            (in_tenant.alice, "For Alice", "For Bob"),
            (in_tenant.bob, "For Bob", "For Alice"),
            (in_tenant.ada, "", "For Bob"),
        ):
            page = signed_in(person.user).get(path).content.decode()
            assert shown in page
            assert hidden not in page

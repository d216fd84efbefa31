"""Shares at the back office: seen, given and taken back by who may change the card."""

from __future__ import annotations

import pytest

from core.tenancy import tenant_scope
from prospects.models import ProspectUserObjectPermission
from tests.prospects.cards_of import card
from tests.staff import filled_in, form_of, signed_in

LIST = "/admin/prospects/prospectuserobjectpermission/"


def levels(team):
    """The rights that are stored, of all cards."""
    with tenant_scope(team.tenant.pk):
        rows = ProspectUserObjectPermission.objects.order_by("pk").select_related("permission")
        return [(row.content_object_id, row.user_id, row.permission.codename) for row in rows]


@pytest.fixture
def shared(team):
    made = card(team, owner=team.alice, company_name="Acme")
    body = {"user_id": team.bob.id, "permission": "change"}
    team.alice.post(f"/prospects/{made.pk}/shares", body)
    return made


class TestTheList:
    def test_shows_each_share_once_to_who_may_change_the_card(self, team, rivals, shared):
        shown = {
            name: signed_in(person.user).get(LIST)
            for name, person in {**team.everybody, "rival": rivals.ada}.items()
        }
        found = {
            name: len(page.context["cl"].result_list)
            for name, page in shown.items()
            if page.status_code == 200
        }
        assert found == {"admin": 1, "manager": 1, "sales": 1, "colleague": 1, "rival": 0}
        assert shown["viewer"].status_code == 403

    def test_is_empty_for_who_may_only_look(self, team, shared):
        body = {"user_id": team.bob.id, "permission": "view"}
        team.alice.post(f"/prospects/{shared.pk}/shares", body)
        assert not signed_in(team.bob.user).get(LIST).context["cl"].result_list


class TestSharing:
    def test_is_done_by_a_form(self, team):
        made, browser = card(team, owner=team.alice), signed_in(team.alice.user)
        page = browser.get(LIST + "add/")
        sent = filled_in(page, content_object=made.pk, user=team.bob.id, level="view")
        assert browser.post(LIST + "add/", sent).status_code == 302
        assert levels(team) == [(made.pk, team.bob.id, "view_prospect")]

    def test_again_changes_what_they_may(self, team, shared):
        browser = signed_in(team.alice.user)
        page = browser.get(LIST + "add/")
        sent = filled_in(page, content_object=shared.pk, user=team.bob.id, level="view")
        assert browser.post(LIST + "add/", sent).status_code == 302
        assert levels(team) == [(shared.pk, team.bob.id, "view_prospect")]

    def test_offers_no_card_that_one_may_not_see_and_nobody_from_outside(self, team, rivals):
        hidden, browser = card(team, owner=team.bob), signed_in(team.alice.user)
        page = browser.get(LIST + "add/")
        with tenant_scope(team.tenant.pk):
            offered = {user.pk for user in form_of(page).fields["user"].queryset}
        assert offered == {person.id for person in team.everybody.values()}
        sent = filled_in(page, content_object=hidden.pk, user=rivals.bob.id, level="view")
        assert set(form_of(browser.post(LIST + "add/", sent)).errors) == {"content_object", "user"}

    def test_a_card_that_one_may_only_look_at_is_refused(self, team, shared):
        body = {"user_id": team.bob.id, "permission": "view"}
        team.alice.post(f"/prospects/{shared.pk}/shares", body)
        browser = signed_in(team.bob.user)
        page = browser.get(LIST + "add/")
        sent = filled_in(page, content_object=shared.pk, user=team.victor.id, level="view")
        assert "looking only" in str(form_of(browser.post(LIST + "add/", sent)).errors)
        assert len(levels(team)) == 1


class TestTakingBack:
    def test_takes_all_of_it(self, team, shared):
        browser = signed_in(team.alice.user)
        (share,) = browser.get(LIST).context["cl"].result_list
        assert browser.post(f"{LIST}{share.pk}/delete/", {"post": "yes"}).status_code == 302
        assert levels(team) == []

    def test_of_many_at_once_too(self, team, shared):
        browser = signed_in(team.mona.user)
        (share,) = browser.get(LIST).context["cl"].result_list
        sent = {"action": "delete_selected", "_selected_action": [share.pk], "post": "yes"}
        assert browser.post(LIST, sent).status_code == 302
        assert levels(team) == []


class TestTheCard:
    PAGE = "/admin/prospects/prospect/{}/change/"

    def test_is_read_only_for_who_may_only_look(self, team, shared):
        page = self.PAGE.format(shared.pk)
        browser = signed_in(team.bob.user)
        assert "_save" in browser.get(page).content.decode()
        body = {"user_id": team.bob.id, "permission": "view"}
        team.alice.post(f"/prospects/{shared.pk}/shares", body)
        shown = browser.get(page)
        assert (shown.status_code, b"_save" in shown.content) == (200, False)
        assert b"log-contact" not in shown.content
        assert browser.post(page, {"company_name": "x"}).status_code == 403

    def test_is_left_out_of_what_is_done_to_many(self, team, shared):
        body = {"user_id": team.bob.id, "permission": "view"}
        team.alice.post(f"/prospects/{shared.pk}/shares", body)
        browser = signed_in(team.bob.user)
        sent = {
            "action": "hand_over",
            "_selected_action": [shared.pk],
            "apply": "1",
            "owner": team.bob.id,
        }
        browser.post("/admin/prospects/prospect/", sent)
        with tenant_scope(team.tenant.pk):
            shared.refresh_from_db()
        assert shared.owner_id == team.alice.id

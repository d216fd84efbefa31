"""Links that lead from a mail to us: nobody signs in, and nothing can be made of them."""

from __future__ import annotations

import pytest
from django.core import signing
from django.test import Client

from accounts.models import Tenant
from core.tenancy import tenant_scope
from sales.mass_mail import links
from sales.models import CampaignRecipient, SuppressedAddress
from tests.sales.campaigns.campaigns_of import (
    act,
    campaign,
    html_of,
    links_in,
    people,
    rows,
    segment,
    sent,
    shown,
    work,
)

TWO = '<a href="https://shop.test/a?x=1&amp;y={{ first_name }}">a</a><a href="http://b.test">b</a>'


@pytest.fixture
def mail(team):
    """A campaign that was sent, and the paths of the links in its mail."""
    pk = sent(team, "maria@x.mx", content=TWO)
    return pk, links_in(work(team)[0])


def stats(team, pk):
    return shown(team.mona, pk)["stats"]


def suppressed(team):
    with tenant_scope(team.tenant.pk):
        live = SuppressedAddress.objects.filter(ended_at=None)
        return list(live.values_list("address", "reason"))


class TestPixel:
    def test_counts_the_first_time(self, team, mail):
        pk, found = mail
        for _ in range(3):
            answer = Client().get(found["o"][0])
            assert (answer.status_code, answer["Content-Type"]) == (200, "image/gif")
            assert answer["Cache-Control"] == "no-store"
        assert (stats(team, pk)["opened"], stats(team, pk)["clicked"]) == (1, 0)
        first = rows(team)[0].opened_at
        Client().get(found["o"][0])
        assert rows(team)[0].opened_at == first

    @pytest.mark.parametrize("header", ["Purpose", "Sec-Purpose", "X-Moz"])
    def test_counts_nobody_who_looks_ahead(self, team, mail, header):
        pk, found = mail
        assert Client().head(found["o"][0]).status_code == 200
        assert Client().get(found["o"][0], headers={header: "prefetch"}).status_code == 200
        assert stats(team, pk)["opened"] == 0

    def test_needs_no_cookie_and_sets_none(self, mail):
        assert not Client().get(mail[1]["o"][0]).cookies


class TestLink:
    def test_leads_where_the_mail_says(self, team, mail):
        pk, found = mail
        first, second = (Client().get(path) for path in found["c"])
        assert (first.status_code, second.status_code) == (302, 302)
        assert first["Location"] == "https://shop.test/a?x=1&y=Maria%201"
        assert second["Location"] == "http://b.test"
        assert (stats(team, pk)["opened"], stats(team, pk)["clicked"]) == (1, 1)

    def test_counts_nobody_who_looks_ahead(self, team, mail):
        pk, found = mail
        assert Client().head(found["c"][0])["Location"].startswith("https://shop.test/")
        Client().get(found["c"][0], headers={"Sec-Purpose": "prefetch;prerender"})
        assert stats(team, pk)["clicked"] == 0

    def test_edited_by_hand_is_404(self, team, mail):
        pk, found = mail
        for kind, paths in found.items():
            start, _, token = paths[0].rpartition("/")
            numbers, _, signature = token.partition(".")
            edited = [
                token[:-1] + ("A" if token[-1] != "A" else "B"),
                token + "x",
                f"{numbers}9.{signature}",
                f"{numbers}-1.{signature}",
                f"1.{signature}",
                f"{numbers}.",
                numbers,
                f".{signature}",
                "x" * 5000,
                "%00",
                "https:%2F%2Fevil.test",
                "' OR 1=1 --",
                signing.Signer(salt="other", sep=".").sign(numbers),
            ]
            for each in edited:
                assert Client().get(f"{start}/{each}").status_code == 404, (kind, each)
                assert Client().post(f"{start}/{each}").status_code in (404, 405), (kind, each)
        assert stats(team, pk) == {**stats(team, pk), "opened": 0, "clicked": 0, "unsubscribed": 0}

    def test_of_one_purpose_is_of_no_other(self, team, mail):
        _, found = mail
        tokens = {kind: paths[0].rpartition("/")[2] for kind, paths in found.items()}
        for kind in tokens:
            for other, token in tokens.items():
                if other != kind:
                    assert Client().get(f"/m/{kind}/{token}").status_code == 404

    def test_is_never_one_that_the_mail_has_not(self, team, mail):
        with tenant_scope(team.tenant.pk):
            pk = CampaignRecipient.objects.get().pk
        for number in (2, 10**9, -1):
            token = links.token_of(links.CLICK, pk, number)
            assert Client().get(f"/m/c/{token}").status_code == 404
        for numbers in ((pk,), (pk, 0, 0), (0, 0), (2**70, 0)):
            token = links.token_of(links.CLICK, *numbers)
            assert Client().get(f"/m/c/{token}").status_code == 404

    def test_that_is_guessed_again_and_again_is_429_and_keeps_nobody_else_out(self, mail):
        answers = [Client().get(f"/m/u/x{number}").status_code for number in range(130)]
        assert (answers[0], answers[-1]) == (404, 429)
        assert Client().get(mail[1]["u"][0]).status_code == 200

    def test_of_a_closed_tenant_is_404(self, team, mail):
        Tenant.objects.filter(pk=team.tenant.pk).update(is_active=False)
        for paths in mail[1].values():
            assert Client().get(paths[0]).status_code == 404

    def test_cannot_be_made_to_lead_elsewhere_by_a_name(self, team):
        evil = people(team, "e@x.mx", first_name="@evil.test/\r\nX-Header: 1")
        html = '<a href="https://shop.test/{{ first_name }}">a</a>'
        pk = campaign(team.mona, content=html, segment_id=segment(team, evil).pk)["id"]
        act(team.mona, pk, "send")
        (path,) = links_in(work(team)[0])["c"]
        answer = Client().get(path)
        assert answer["Location"] == "https://shop.test/%40evil.test%2F%0D%0AX-Header%3A%201"


class TestUnsubscribing:
    def test_by_the_mail_programs_button_needs_no_cookie(self, team, mail):
        pk, found = mail
        browser = Client(enforce_csrf_checks=True)
        body = {"List-Unsubscribe": "One-Click"}
        for _ in range(2):  # twice is as once
            assert browser.post(found["u"][0], body).status_code == 200
        assert stats(team, pk)["unsubscribed"] == 1
        assert suppressed(team) == [("maria@x.mx", "unsubscribed")]

    def test_by_looking_at_the_page_changes_nothing(self, team, mail):
        pk, found = mail
        for method in ("get", "head"):
            answer = getattr(Client(), method)(found["u"][0])
            assert answer.status_code == 200
        assert stats(team, pk)["unsubscribed"] == 0
        assert suppressed(team) == []

    def test_has_a_page_in_the_tenants_language(self, team, mail):
        text = Client().get(mail[1]["u"][0]).content.decode()
        assert "<button" in text
        assert "maria@x.mx" in text
        assert "Darse de baja" in text
        assert "<script" not in text

    def test_is_kept_by_every_campaign_whatever_contact_has_the_address(self, team, mail):
        Client().post(mail[1]["u"][0])
        before = len(work(team))
        pk = sent(team, "other@x.mx", "MARIA@x.mx")
        assert [letter.to for letter in work(team)[before:]] == [["other@x.mx"]]
        assert shown(team.mona, pk)["skipped"]["suppressed"] == 1

    def test_is_of_one_tenant(self, team, rivals, mail):
        Client().post(mail[1]["u"][0])
        before = len(work(team))
        sent(rivals, "maria@x.mx")
        assert len(work(rivals)) == before + 1

    def test_link_of_a_test_mail_says_what_it_is(self, team):
        answer = Client().get("/m/u/test", headers={"Accept-Language": "es"})
        assert answer.status_code == 200
        assert "<button" not in answer.content.decode()


class TestMarkup:
    def test_in_names_is_shown_as_text(self, team):
        Tenant.objects.filter(pk=team.tenant.pk).update(name="<script>alert(1)</script>")
        sent(team, "maria@x.mx")
        letter = work(team)[0]
        assert "<script" not in html_of(letter)
        page = Client().get(links_in(letter)["u"][0]).content.decode()
        assert "<script" not in page

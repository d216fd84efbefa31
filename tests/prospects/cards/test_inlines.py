"""Places and partner data on a card's page of the back office."""

from __future__ import annotations

import pytest

from core.tenancy import tenant_scope
from prospects.locations.services import add_location
from prospects.models import Location, PartnerData, PartnerOrigin, PartnerType
from tests.prospects.cards_of import card
from tests.staff import filled_in, signed_in

PLACE = {"name": "Bodega", "type": "warehouse", "link": "https://maps.google.com/?q=1"}


def page_of(made):
    return f"/admin/prospects/prospect/{made.pk}/change/"


def inlines(page):
    return [inline.opts.model for inline in page.context["inline_admin_formsets"]]


def places(team):
    with tenant_scope(team.tenant.pk):
        return list(Location.objects.order_by("pk").values("name", "type", "link"))


@pytest.fixture
def placed(team):
    made = card(team, owner=team.alice)
    with tenant_scope(team.tenant.pk):
        add_location(prospect_id=made.pk, values=PLACE)
    return made


class TestPlaces:
    def test_are_added_and_changed_with_the_card(self, team, placed):
        browser = signed_in(team.alice.user)
        page = browser.get(page_of(placed))
        changes = {"locations-0-name": "Bodega norte"}
        assert browser.post(page_of(placed), filled_in(page, **changes)).status_code == 302
        assert places(team) == [{**PLACE, "name": "Bodega norte"}]
        new = {f"locations-1-{name}": value for name, value in PLACE.items()}
        new |= {"locations-TOTAL_FORMS": 2, "locations-1-prospect": placed.pk}
        page = browser.get(page_of(placed))
        assert browser.post(page_of(placed), filled_in(page, **new)).status_code == 302
        assert [place["name"] for place in places(team)] == ["Bodega norte", "Bodega"]

    def test_are_deleted_by_who_may_delete(self, team, placed):
        for person, left in ((team.alice, 1), (team.mona, 0)):
            browser = signed_in(person.user)
            page = browser.get(page_of(placed))
            browser.post(page_of(placed), filled_in(page, **{"locations-0-DELETE": "on"}))
            assert len(places(team)) == left

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "x" * 51),
            ("link", "javascript:alert(1)"),
            ("link", "ftp://x.com"),
            ("link", "https://x.com/" + "x" * 150),
            ("type", "castle"),
        ],
    )
    def test_are_checked(self, team, placed, field, value):
        browser = signed_in(team.alice.user)
        page = browser.get(page_of(placed))
        answer = browser.post(page_of(placed), filled_in(page, **{f"locations-0-{field}": value}))
        assert answer.status_code == 200
        (formset,) = [inline.formset for inline in answer.context["inline_admin_formsets"]]
        assert list(formset.forms[0].errors) == [field]
        assert places(team) == [PLACE]

    def test_of_another_card_stay_where_they_are(self, team, placed):
        other = card(team, owner=team.bob, company_name="Other")
        with tenant_scope(team.tenant.pk):
            foreign = add_location(prospect_id=other.pk, values={**PLACE, "name": "Foreign"})
        browser = signed_in(team.alice.user)
        page = browser.get(page_of(placed))
        changes = {"locations-0-id": foreign.pk, "locations-0-name": "Mine"}
        browser.post(page_of(placed), filled_in(page, **changes))
        assert [place["name"] for place in places(team)] == ["Bodega", "Foreign"]

    def test_are_only_looked_at_by_a_viewer(self, team, placed):
        page = signed_in(team.victor.user).get(page_of(placed)).content.decode()
        assert PLACE["link"] in page
        assert 'name="locations-0-name"' not in page


class TestPartnerData:
    @pytest.fixture
    def partner(self, team):
        return card(team, owner=team.alice, type=3)

    def values(self, team, **changes):
        with tenant_scope(team.tenant.pk):
            return {
                "url": "https://socio.example",
                "partner_type": PartnerType.objects.first().pk,
                "partner_origin": PartnerOrigin.objects.first().pk,
                "rating": 3,
                "locale": 1,
                "social_network": "@socio",
                **changes,
            }

    def post(self, team, person, made, **changes):
        browser = signed_in(person.user)
        page = browser.get(page_of(made))
        values = {f"partner_data-0-{k}": v for k, v in self.values(team, **changes).items()}
        return browser.post(page_of(made), filled_in(page, **values))

    def test_is_written_on_a_partners_page(self, team, partner):
        for rating in (3, 5):
            assert self.post(team, team.mona, partner, rating=rating).status_code == 302
            with tenant_scope(team.tenant.pk):
                kept = PartnerData.objects.get()
            assert (kept.prospect_id, kept.rating, kept.locale_id) == (partner.pk, rating, 1)

    @pytest.mark.parametrize(
        ("field", "value"), [("rating", 6), ("rating", 0), ("url", "javascript:x"), ("url", "")]
    )
    def test_is_checked(self, team, partner, field, value):
        answer = self.post(team, team.mona, partner, **{field: value})
        assert answer.status_code == 200
        errors = [
            form.errors
            for inline in answer.context["inline_admin_formsets"]
            for form in inline.formset.forms
        ]
        assert [list(each) for each in errors if each] == [[field]]

    def test_stands_on_no_other_cards_page(self, team, placed):
        page = signed_in(team.mona.user).get(page_of(placed))
        assert inlines(page) == [Location]

    def test_is_only_looked_at_without_the_right_for_partners(self, team, partner):
        self.post(team, team.mona, partner)
        browser = signed_in(team.alice.user)
        page = browser.get(page_of(partner))
        assert "https://socio.example" in page.content.decode()
        values = {"partner_data-0-rating": 1, "partner_data-0-url": "https://x.example"}
        browser.post(page_of(partner), filled_in(page, **values))
        with tenant_scope(team.tenant.pk):
            assert PartnerData.objects.get().rating == 3

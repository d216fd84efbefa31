"""What is known of a partner beside its card."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from core.tenancy import tenant_scope
from prospects.models import PartnerData, PartnerOrigin, PartnerType
from tests.prospects.cards_of import card


def ids_of(team):
    with tenant_scope(team.tenant.pk):
        return {
            "partner_type_id": PartnerType.objects.order_by("pk").first().pk,
            "partner_origin_id": PartnerOrigin.objects.order_by("pk").first().pk,
        }


@pytest.fixture
def sent(team):
    """The body of the contract's example."""
    return {
        "url": "https://partner-store.com",
        **ids_of(team),
        "rating": 4,
        "locale_id": 1,
        "social_network": "@partnerstore",
    }


@pytest.fixture
def partner(team):
    return card(team, owner=team.alice, company_name="Partner Store", type=3)


def url(made):
    return f"/prospects/{made.pk}/partner-data"


def kept(team):
    with tenant_scope(team.tenant.pk):
        return list(PartnerData.objects.values())


class TestWriting:
    def test_answers_the_card_with_its_partner_data(self, team, partner, sent):
        answer = team.mona.patch(url(partner), sent)
        assert answer.status_code == 200, answer.content
        assert answer.json()["prospect"]["id"] == partner.pk
        assert answer.json()["partner_data"] == sent

    def test_again_changes_it_and_leaves_what_is_not_needed(self, team, partner, sent):
        team.mona.patch(url(partner), sent)
        again = {name: value for name, value in sent.items() if name != "social_network"}
        answer = team.mona.patch(url(partner), {**again, "rating": 5})
        assert answer.json()["partner_data"] == {**sent, "rating": 5}
        cleared = team.mona.patch(url(partner), {**sent, "social_network": None})
        assert cleared.json()["partner_data"]["social_network"] == ""
        assert len(kept(team)) == 1

    @pytest.mark.parametrize(
        "field", ["url", "partner_type_id", "partner_origin_id", "rating", "locale_id"]
    )
    def test_needs_each_of_these_every_time(self, team, partner, sent, field):
        for _ in range(2):
            body = {name: value for name, value in sent.items() if name != field}
            answer = team.mona.patch(url(partner), body)
            assert (answer.status_code, list(answer.json()["validation"])) == (400, [field])
            team.mona.patch(url(partner), sent)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("url", None),
            ("url", ""),
            ("url", "partner-store.com"),
            ("url", "javascript:alert(1)"),
            ("url", "https://x.com/" + "x" * 255),
            ("url", "https://x.com/\x00"),
            ("rating", 0),
            ("rating", 6),
            ("rating", -1),
            ("rating", 4.5),
            ("rating", "four"),
            ("rating", True),
            ("rating", None),
            ("rating", 10**30),
            ("rating", [4]),
            ("partner_type_id", 999_999),
            ("partner_type_id", "x"),
            ("partner_type_id", None),
            ("partner_type_id", True),
            ("partner_origin_id", 10**30),
            ("partner_origin_id", {}),
            ("locale_id", 999_999),
            ("locale_id", None),
            ("social_network", "@" + "x" * 150),
            ("social_network", ["@x"]),
        ],
    )
    def test_is_400_with_the_field_for_bad_values(self, team, partner, sent, field, value):
        answer = team.mona.patch(url(partner), {**sent, field: value})
        assert answer.status_code == 400, answer.content
        assert list(answer.json()["validation"]) == [field]
        assert kept(team) == []

    def test_knows_no_row_of_another_tenant(self, team, rivals, partner, sent):
        answer = team.mona.patch(url(partner), {**sent, **ids_of(rivals)})
        assert answer.status_code == 400
        assert set(answer.json()["validation"]) == set(ids_of(team))

    @pytest.mark.parametrize("body", [[], "x", 7])
    def test_is_422_for_a_body_that_is_no_json_object(self, team, partner, body):
        assert team.mona.patch(url(partner), body).status_code == 422

    @pytest.mark.parametrize("type_", [1, 2])
    def test_is_409_on_a_card_that_is_no_partner(self, team, sent, type_):
        made = card(team, owner=team.alice, type=type_)
        answer = team.mona.patch(url(made), sent)
        assert (answer.status_code, answer.json()["error"]) == (409, "Conflict")
        assert kept(team) == []

    def test_is_for_who_works_with_partners(self, team, rivals, partner, sent):
        statuses = {
            name: person.patch(url(partner), sent).status_code
            for name, person in {**team.everybody, "outsider": rivals.ada}.items()
        }
        assert statuses == {
            "admin": 200,
            "manager": 200,
            "sales": 403,
            "colleague": 403,
            "viewer": 403,
            "outsider": 404,
        }

    def test_is_kept_in_the_history_with_who_did_it(self, team, partner, sent):
        team.mona.patch(url(partner), sent)
        team.ada.patch(url(partner), {**sent, "rating": 1})
        with tenant_scope(team.tenant.pk):
            (event,) = apps.get_model("prospects", "PartnerDataEvent").objects.all()
        assert (event.rating, event.pgh_context["user"]) == (4, team.ada.id)


class TestReading:
    def test_is_part_of_the_card_read_as_a_partner(self, team, partner, sent):
        team.mona.patch(url(partner), sent)
        assert team.alice.get(f"/prospects/{partner.pk}?source=partner").json()["partner_data"] == (
            sent
        )
        assert "partner_data" not in team.alice.get(f"/prospects/{partner.pk}").json()

    def test_is_null_before_it_is_written(self, team, partner):
        answer = team.alice.get(f"/prospects/{partner.pk}?source=partner")
        assert answer.json()["partner_data"] is None


class TestTheDatabase:
    @pytest.mark.parametrize("change", [{"rating": 6}, {"rating": 0}, {"url": "javascript:x"}])
    def test_checks_it_too(self, team, partner, sent, change):
        team.mona.patch(url(partner), sent)
        with tenant_scope(team.tenant.pk), pytest.raises(IntegrityError), transaction.atomic():
            PartnerData.objects.update(**change)

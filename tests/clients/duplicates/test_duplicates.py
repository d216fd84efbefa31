"""`GET /prospects/{id}/duplicates`: visible cards that may be about the same, and why."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.card_contacts.services import add_contact
from prospects.contacts.models import Contact
from prospects.duplicates.probes import Evidence, probes_sql
from prospects.models import PartnerData, PartnerOrigin, PartnerType
from prospects.pipeline.bulk import insert_cards, new_card
from prospects.sharing.services import share_prospect
from tests.clients.clients_of import client, integration
from tests.prospects.cards_of import card

PHONE = {"phone_code": "52", "phone": "5512345678"}


def duplicates(person, pk):
    """{id: {(key, value), …}} as this person sees it."""
    answer = person.get(f"/prospects/{pk}/duplicates")
    assert answer.status_code == 200, answer.content
    return {
        row["id"]: {(each["key"], each["value"]) for each in row["evidence"]}
        for row in answer.json()["data"]
    }


def second_person(team, made, **values):
    """One more person on a card, past the rule that an email is a card's own."""
    with tenant_scope(team.tenant.pk):
        contact = add_contact(
            prospect_id=made.pk, values={"first_name": "Ana"}, by=None, at=timezone.now()
        )
        Contact.objects.filter(pk=contact.pk).update(**values)


class TestDuplicates:
    def test_share_the_companys_name_without_its_legal_form(self, team):
        one = card(team, company_name="Acmé, S.A. de C.V.")
        other = card(team, company_name="ACME LLC")
        assert duplicates(team.mona, one.pk) == {other.pk: {("company", "acme")}}

    def test_share_the_domain_of_their_addresses(self, team):
        one, other = card(team, email="a@acme.mx"), card(team, email="b@acme.mx")
        assert duplicates(team.mona, one.pk) == {other.pk: {("domain", "acme.mx")}}

    @pytest.mark.parametrize(
        "values", [{"email": "jane@home.mx"}, {"more_emails": ["jane@home.mx"]}]
    )
    def test_name_the_same_person_by_an_email(self, team, values):
        one = card(team, name="Jane", email="jane@home.mx")
        other = card(team, company_name="Nova")
        second_person(team, other, **values)
        for asked, found in ((one, other), (other, one)):
            evidence = duplicates(team.mona, asked.pk)[found.pk]
            assert ("email", "jane@home.mx") in evidence

    @pytest.mark.parametrize(
        "values", [PHONE, {"more_phones": [{"code": "52", "phone": "5512345678", "type": "x"}]}]
    )
    def test_name_the_same_person_by_a_phone(self, team, values):
        one, other = card(team, name="Jane", **PHONE), card(team, name="Eva")
        second_person(team, other, **values)
        for asked, found in ((one, other), (other, one)):
            assert duplicates(team.mona, asked.pk) == {found.pk: {("phone", "+52 5512345678")}}

    def test_share_a_phone_with_its_country(self, team):
        one, other = card(team, name="Jane", **PHONE), card(team, name="Eva")
        second_person(team, other, phone_code="1", phone=PHONE["phone"])
        assert duplicates(team.mona, one.pk) == {}

    def test_share_a_tax_id(self, team):
        one, other = (
            client(team, company_name=name, details={"tax_id": "ABC010203XY9"}) for name in "AB"
        )
        found = duplicates(team.mona, one.prospect_id)
        assert found == {other.prospect_id: {("tax_id", "ABC010203XY9")}}

    def test_do_not_share_the_tax_id_of_the_public(self, team):
        one, _other = (
            client(team, company_name=name, details={"tax_id": "XAXX010101000"}) for name in "AB"
        )
        assert duplicates(team.mona, one.prospect_id) == {}

    def test_share_a_web_domain(self, team):
        by_mail = card(team, name="Mail", email="ventas@tienda.mx")
        by_site = client(team, company_name="Site", details={"domain": "tienda.mx"})
        by_shop = client(team, company_name="Shop")
        integration(team, by_shop, url="https://www.Tienda.mx/inicio?x=1")
        partner = card(team, company_name="Partner", type=3)
        with tenant_scope(team.tenant.pk):
            PartnerData.objects.create(
                prospect=partner,
                url="http://tienda.mx:8080/",
                partner_type=PartnerType.objects.first(),
                partner_origin=PartnerOrigin.objects.first(),
                locale_id=1,
                rating=3,
            )
        ids = {by_mail.pk, by_site.prospect_id, by_shop.prospect_id, partner.pk}
        for pk in ids:
            found = duplicates(team.mona, pk)
            assert found == {other: {("domain", "tienda.mx")} for other in ids - {pk}}

    @pytest.mark.parametrize(
        "host", ["www.facebook.com", "articulo.mercadolibre.com.mx", "gmail.com"]
    )
    def test_do_not_share_a_host_where_anybody_has_a_page(self, team, host):
        one, other = client(team, company_name="One"), client(team, company_name="Two")
        for company in (one, other):
            integration(team, company, url=f"https://{host}/{company.pk}")
        assert duplicates(team.mona, one.prospect_id) == {}

    def test_share_a_key_that_at_most_twenty_rows_have(self, team):
        cards = [card(team, company_name="Tienda") for _ in range(20)]
        assert len(duplicates(team.mona, cards[0].pk)) == 19
        card(team, company_name="Tienda SA")
        assert duplicates(team.mona, cards[0].pk) == {}

    def test_come_in_the_order_of_what_speaks_for_them(self, team):
        one = card(team, company_name="Acme", name="Jane Roe", email="jane@acme.mx")
        weak = card(team, email="x@acme.mx")
        strong = card(team, company_name="Acme", name="jane roe", email="j@acme.mx")
        middle = card(team, company_name="Acme SA")
        assert list(duplicates(team.mona, one.pk)) == [strong.pk, middle.pk, weak.pk]

    def test_are_those_that_one_may_see(self, team, rivals):
        one = card(team, owner=team.alice, company_name="Acme")
        card(team, owner=team.bob, company_name="Acme")
        shared = card(team, owner=team.bob, company_name="Acme")
        card(rivals, company_name="Acme")
        with tenant_scope(team.tenant.pk):
            share_prospect(
                prospect_id=shared.pk, user_id=team.alice.id, level="view", by=team.bob.user
            )
        assert list(duplicates(team.alice, one.pk)) == [shared.pk]
        assert len(duplicates(team.victor, one.pk)) == 2

    def test_are_alive(self, team):
        one, other = card(team, company_name="Acme"), client(team, company_name="Acme")
        team.mona.delete(f"/api/v1/companies/{other.pk}")
        assert duplicates(team.mona, one.pk) == {}

    def test_of_a_card_that_one_does_not_see_do_not_exist(self, team, rivals):
        one = card(team, owner=team.alice, company_name="Acme")
        for person in (team.bob, rivals.ada):
            assert person.get(f"/prospects/{one.pk}/duplicates").status_code == 404

    def test_say_who_and_whose_they_are(self, team):
        one = card(team, company_name="Acme")
        other = client(team, owner=team.alice, company_name="Acme", name="Jane", **PHONE)
        (row,) = team.mona.get(f"/prospects/{one.pk}/duplicates").json()["data"]
        assert row["id"], row["company_id"] == (other.prospect_id, other.pk)
        assert (row["name"], row["phone"]) == ("Jane", "5512345678")
        assert (row["created_by_name"], row["follow_name"]) == ("Alice Sales", "new_lead")


class TestStatements:
    def test_are_four_with_the_sign_in(self, team, django_assert_num_queries):
        one = client(
            team,
            owner=team.alice,
            company_name="Acme",
            name="Jane Roe",
            email="jane@acme.mx",
            details={"tax_id": "ABC010203XY9", "domain": "acme.mx"},
        )
        card(team, owner=team.alice, company_name="Acme")
        for person in (team.mona, team.alice):
            with django_assert_num_queries(4):
                assert duplicates(person, one.prospect_id)

    def test_read_indexes_alone(self, team):
        made = card(team)
        with tenant_scope(team.tenant.pk), connection.cursor() as cursor:
            rows = [
                {
                    "name": f"Ana {n}",
                    "email": f"ana@a{n}.mx",
                    "phone_code": "52",
                    "phone": f"55{n:08}",
                    "company_name": f"Firma {n}",
                }
                for n in range(3000)
            ]
            category_id, at = made.category_id, timezone.now()
            insert_cards([new_card(row, category_id=category_id, at=at) for row in rows])
            cursor.execute("ANALYZE prospects_prospect, prospects_contact")
            # Tables that are next to empty here are read whole: what matters is that they need not.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                f"EXPLAIN (FORMAT TEXT) {probes_sql(Evidence.values)}",
                {kind: ["52 5500000001"] for kind in Evidence.values}
                | {"tenant_id": team.tenant.pk},
            )
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan" not in plan
        for index in (
            "prospects_contact_email",
            "prospects_contact_more_emails",
            "prospects_prospect_phone_unique",
            "prospects_contact_further_tel",
            "prospects_contact_more_phones",
            "prospects_prospect_company_key",
            "prospects_prospect_person_key",
            "prospects_prospect_domain",
            "prospects_contact_domain",
            "prospects_partnerdata_host",
            "clients_company_tax_id",
            "clients_company_host",
            "clients_integration_host",
        ):
            assert index in plan, plan

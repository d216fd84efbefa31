from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.tenancy import tenant_scope
from prospects.models import Contact
from tests.prospects.card_contacts.people_of import JANE, again, people_of
from tests.prospects.cards_of import card


def check(team, **options):
    call_command("check_integrity", tenant=team.tenant.slug, **options)


class TestOnePrimaryContactPerCard:
    def test_holds_for_cards_with_and_without_people(self, team):
        acme = card(team, owner=team.alice, name="John Doe", email="john@acme.com")
        team.alice.post(f"/prospects/{acme.pk}/contacts", JANE)
        card(team, company_name="Nobody There")
        check(team)

    @pytest.mark.parametrize(
        "broken", [{"is_primary": False}, {"email": "other@acme.com"}, {"phone": "1"}]
    )
    def test_is_found_broken_and_mended(self, team, broken):
        acme = card(team, name="John Doe", email="john@acme.com")
        with tenant_scope(team.tenant.pk):
            Contact.objects.filter(prospect=acme).update(**broken)
        with pytest.raises(CommandError):
            check(team)
        check(team, repair=True)
        check(team)
        assert [(p.name, p.email) for p in people_of(acme)] == [("John Doe", "john@acme.com")]

    def test_takes_nobody_else_for_the_one_that_the_card_names(self, team):
        acme = card(team, name="John Doe", email="john@acme.com")
        with tenant_scope(team.tenant.pk):
            Contact.objects.filter(prospect=acme).update(deleted_at=acme.created_at)
            Contact.objects.create(prospect=acme, first_name="Jane")
        check(team, repair=True)
        assert [(p.name, p.is_primary) for p in people_of(acme)] == [
            ("John Doe", True),
            ("Jane", False),
        ]

    def test_gives_people_without_a_primary_the_first_of_them(self, team):
        made = card(team, company_name="Acme")
        with tenant_scope(team.tenant.pk):
            for name in ("Jane", "Joe"):
                Contact.objects.create(prospect=made, first_name=name)
        check(team, repair=True)
        check(team)
        assert [p.is_primary for p in people_of(made)] == [True, False]
        assert again(made).name == "Jane"

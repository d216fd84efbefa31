"""Companies and their cards go and come together."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clients.companies.services import delete_company, restore_company
from core.errors import DomainError, NotFound
from core.tenancy import tenant_scope
from prospects.models import Prospect
from prospects.pipeline.deleting import IsClient, WasMerged, delete_prospect, restore_prospect
from prospects.pipeline.services import DuplicateProspect
from tests.clients.clients_of import client, company_again
from tests.prospects.cards_of import card


@pytest.fixture
def acme(team, in_tenant):
    """A client."""
    return client(team, company_name="Acme", name="John", email="john@acme.mx")


@pytest.fixture
def gone(acme):
    """A client that was deleted."""
    delete_company(company_id=acme.pk, at=timezone.now())
    return acme


class TestRestoreCompany:
    def test_brings_its_card_back(self, team, gone):
        restore_company(company_id=gone.pk)
        assert team.mona.get(f"/clients/{gone.pk}").status_code == 200
        assert team.mona.get(f"/prospects/{gone.prospect_id}").status_code == 200
        assert team.mona.get("/prospects/list").json()["recordsTotal"] == 1

    def test_is_refused_when_the_email_was_taken_meanwhile(self, team, gone):
        card(team, email="john@acme.mx")
        with pytest.raises(DuplicateProspect) as refusal:
            restore_company(company_id=gone.pk)
        assert refusal.value.fields == {"email": ["Another prospect has this value."]}
        assert company_again(gone.pk).deleted_at is not None

    def test_of_a_live_one_is_refused(self, acme):
        with pytest.raises(NotFound):
            restore_company(company_id=acme.pk)


class TestDeleteProspect:
    def test_of_a_client_is_refused(self, team, acme):
        with pytest.raises(IsClient):
            delete_prospect(prospect_id=acme.prospect_id, at=timezone.now())
        assert team.mona.get(f"/clients/{acme.pk}").status_code == 200

    def test_hides_it_and_restoring_shows_it(self, team, in_tenant):
        made = card(team, email="a@x.mx")
        delete_prospect(prospect_id=made.pk, at=timezone.now())
        assert team.mona.get(f"/prospects/{made.pk}").status_code == 404
        with pytest.raises(NotFound):
            delete_prospect(prospect_id=made.pk, at=timezone.now())
        restore_prospect(prospect_id=made.pk)
        assert team.mona.get(f"/prospects/{made.pk}").status_code == 200
        with pytest.raises(NotFound):
            restore_prospect(prospect_id=made.pk)


class TestRestoreProspect:
    def test_of_a_client_is_refused(self, gone):
        with pytest.raises(IsClient):
            restore_prospect(prospect_id=gone.prospect_id)

    def test_of_a_merged_one_is_refused(self, team, acme):
        made = card(team)
        Prospect.objects.filter(pk=made.pk).update(
            deleted_at=timezone.now(), merged_into=acme.prospect
        )
        with pytest.raises(WasMerged):
            restore_prospect(prospect_id=made.pk)

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("email", {"email": "a@x.mx"}),
            ("phone", {"phone_code": "52", "phone": "5512345678"}),
            ("external_id", {"external_id": "e1", "name": "x"}),
        ],
    )
    def test_names_what_was_taken_meanwhile(self, team, in_tenant, name, values):
        made = card(team, **values)
        delete_prospect(prospect_id=made.pk, at=timezone.now())
        card(team, **values)
        with pytest.raises(DomainError) as refusal:
            restore_prospect(prospect_id=made.pk)
        assert list(refusal.value.fields) == [name]


class TestIntegrity:
    def test_of_companies_is_checked(self, team, acme, capsys):
        call_command("check_integrity", tenant=team.tenant.slug)
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=acme.prospect_id).update(deleted_at=timezone.now())
        with pytest.raises(CommandError):
            call_command("check_integrity", tenant=team.tenant.slug)
        assert f"company {acme.pk}: its card is deleted" in capsys.readouterr().err

    def test_of_cards_is_checked(self, team, acme, capsys):
        with tenant_scope(team.tenant.pk):
            type(acme).objects.filter(pk=acme.pk).update(deleted_at=timezone.now())
        with pytest.raises(CommandError):
            call_command("check_integrity", tenant=team.tenant.slug)
        told = f"prospect {acme.prospect_id}: its company is deleted"
        assert told in capsys.readouterr().err

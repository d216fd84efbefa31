"""Numbers of documents: none is left out, none is given twice."""

from __future__ import annotations

import os

import pytest
from django.db import transaction
from django.utils import timezone

from core.tenancy import tenant_scope
from sales.documents.numbering import next_number
from sales.models import Quote
from sales.quotes.services import create_quote
from tests.races import at_once
from tests.sales.contacts.contacts_of import contact
from tests.sales.documents.documents_of import HOURS, contract, invoice, quote

THREADS = 8
# The thousand from fifty threads: CRM_TEST_QUOTES=1000.
QUOTES = int(os.environ.get("CRM_TEST_QUOTES", "64"))


class TestNumber:
    def test_begins_with_one_for_each_kind_and_tenant(self, team, rivals):
        assert [quote(team.alice)["quote_number"] for _ in range(2)] == ["COT-000001", "COT-000002"]
        assert invoice(team.mona)["invoice_number"] == "FAC-000001"
        assert contract(team.mona)["contract_number"] == "CTR-000001"
        assert quote(rivals.alice)["quote_number"] == "COT-000001"

    def test_is_not_spent_on_what_fails(self, in_tenant):
        with transaction.atomic():
            assert next_number("COT") == 1
            transaction.set_rollback(True)
        with transaction.atomic():
            assert next_number("COT") == 1

    def test_of_a_deleted_draft_is_not_given_again(self, team):
        first = quote(team.ada)
        assert team.ada.delete(f"/api/v1/quotes/{first['id']}").status_code == 200
        assert quote(team.ada)["quote_number"] == "COT-000002"

    @pytest.mark.django_db(transaction=True)
    def test_has_no_gap_when_many_create_at_once(self, team):
        maria = contact(team.alice)["id"]

        def create_some():
            with tenant_scope(team.tenant.pk):
                for _ in range(QUOTES // THREADS):
                    create_quote(
                        values={"contact_id": maria},
                        lines=[HOURS],
                        by=team.alice.user,
                        at=timezone.now(),
                    )

        at_once(*[create_some] * THREADS)
        with tenant_scope(team.tenant.pk):
            numbers = sorted(Quote.objects.values_list("number", flat=True))
        assert numbers == list(range(1, QUOTES + 1))

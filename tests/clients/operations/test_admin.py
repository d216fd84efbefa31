from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clients.models import AccountPayment, MonthlyTier, Shipment
from core.tenancy import tenant_scope
from prospects.models import Prospect
from tests.clients.operations.accounts import (
    account,
    balance,
    company,
    month,
    recharge,
    shipment,
    wrong,
)
from tests.people import Team
from tests.staff import errors_of, filled_in, signed_in

WHEN = {"_0": "2026-03-15", "_1": "10:00"}


def page(model: Any, name: str, *args: Any) -> str:
    return reverse(f"admin:clients_{model._meta.model_name}_{name}", args=args)


def shown(answer: Any) -> set[int]:
    return {row.pk for row in answer.context["cl"].result_list}


@pytest.fixture
def ada(team: Team) -> Client:
    return signed_in(team.ada.user)


@pytest.fixture
def acme(team: Team) -> Any:
    return company(team, company_name="Cafés Ñandú", owner=team.alice)


def stored(row: Any) -> Any:
    with tenant_scope(row.tenant_id):
        row.save()
    return row


class TestARecharge:
    def test_typed_by_hand_moves_the_balance(self, ada: Client, team: Team, acme: Any) -> None:
        add = page(AccountPayment, "add")
        sent = filled_in(
            ada.get(add), company=acme.pk, amount="150.50", currency="MXN", method="SPEI"
        )
        sent |= {f"paid_at{part}": value for part, value in WHEN.items()}
        assert ada.post(add, sent).status_code == 302
        assert str(balance(acme)) == "150.50"
        with tenant_scope(team.tenant.pk):
            made = AccountPayment.objects.get()
            assert Prospect.objects.get(pk=acme.prospect_id).type == 2
        change = page(AccountPayment, "change", made.pk)
        ada.post(change, filled_in(ada.get(change), amount="50"))
        assert balance(acme) == 50
        ada.post(page(AccountPayment, "delete", made.pk), {"post": "yes"})
        assert account(acme)[:2] == (0, None)
        assert wrong(team) == []

    @pytest.mark.parametrize(
        ("field", "values"),
        [
            ("currency", {"currency": "USD"}),
            ("currency", {"currency": "XXX"}),
            ("amount", {"amount": "0"}),
            ("amount", {"amount": "99999999999"}),
            ("external_id", {"external_id": "R-1"}),
            ("company", {"company": "999999"}),
        ],
    )
    def test_that_cannot_be_is_refused_with_the_form(
        self, ada: Client, acme: Any, field: str, values: dict[str, str]
    ) -> None:
        stored(recharge(acme, external_id="R-1"))
        add = page(AccountPayment, "add")
        given = {"company": acme.pk, "amount": "1", "currency": "MXN", **values}
        sent = filled_in(ada.get(add), **given)
        sent |= {f"paid_at{part}": value for part, value in WHEN.items()}
        answer = ada.post(add, sent)
        assert answer.status_code == 200
        assert errors_of(answer).keys() & {field, "__all__"}
        assert balance(acme) == 100

    def test_of_another_tenant_is_not_there(self, ada: Client, rivals: Team) -> None:
        foreign = company(rivals)
        made = stored(recharge(foreign))
        assert ada.get(page(AccountPayment, "change", made.pk)).status_code == 404
        ada.post(page(AccountPayment, "delete", made.pk), {"post": "yes"})
        assert balance(foreign) == 100


class TestTheLists:
    def test_are_of_the_cards_that_one_sees(self, team: Team, acme: Any) -> None:
        rows = [stored(recharge(acme)), stored(shipment(acme)), stored(month(acme, 3, 2))]
        for person, sees in ((team.ada, 1), (team.alice, 1), (team.victor, 1), (team.bob, 0)):
            browser = signed_in(person.user)
            for row in rows:
                answer = browser.get(page(type(row), "changelist"))
                assert len(shown(answer)) == sees
                opened = browser.get(page(type(row), "change", row.pk)).status_code
                assert opened == (200 if sees else 404)

    def test_cannot_be_written_by_salespeople(self, team: Team, acme: Any) -> None:
        alice, made = signed_in(team.alice.user), stored(shipment(acme))
        for path in (page(Shipment, "add"), page(Shipment, "delete", made.pk)):
            assert alice.post(path, {"post": "yes"}).status_code == 403
        assert balance(acme) == -30

    def test_find_by_external_id_and_company(self, ada: Client, team: Team, acme: Any) -> None:
        one = stored(shipment(acme, external_id="S-1"))
        two = stored(shipment(company(team), external_id="S-2"))
        for text, found in (("S-2", two), ("cafes nandu", one)):
            assert shown(ada.get(page(Shipment, "changelist"), {"q": text})) == {found.pk}

    def test_cost_as_many_statements_for_many_rows(
        self, ada: Client, team: Team, acme: Any, django_assert_max_num_queries: Any
    ) -> None:
        with tenant_scope(team.tenant.pk):
            Shipment.objects.bulk_create(shipment(company(team)) for _ in range(10))
        with django_assert_max_num_queries(12):
            ada.get(page(Shipment, "changelist"))


class TestATier:
    def test_is_of_the_month_whatever_its_day(self, ada: Client, team: Team, acme: Any) -> None:
        add = page(MonthlyTier, "add")
        sent = filled_in(ada.get(add), company=acme.pk, month="2026-03-20", tier="3")
        assert ada.post(add, sent).status_code == 302
        assert account(acme)[3] == 3
        answer = ada.post(add, {**sent, "month": "2026-03-01"})
        assert answer.status_code == 200
        assert errors_of(answer)


class TestTheChoiceOfCompany:
    def test_finds_companies_by_their_card(self, ada: Client, acme: Any) -> None:
        words = {"app_label": "clients", "model_name": "shipment", "field_name": "company"}
        answer = ada.get(reverse("admin:autocomplete"), {**words, "term": "nandu"})
        assert [row["id"] for row in answer.json()["results"]] == [str(acme.pk)]

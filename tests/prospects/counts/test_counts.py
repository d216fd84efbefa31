from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.counts.services import find_wrong_counts, fold_counts
from prospects.counts.tasks import fold_all
from prospects.models import CardCount, Prospect
from prospects.pipeline.bulk import insert_cards, new_card, update_cards
from prospects.pipeline.services import edit_prospect
from tests.prospects.cards_of import card, category


def wrong(team) -> list[str]:
    with tenant_scope(team.tenant.pk):
        return list(find_wrong_counts())


def by_category(team) -> dict[int, int]:
    with tenant_scope(team.tenant.pk):
        return CardCount.objects.by_category()


class TestKeptCounts:
    def test_follow_every_way_of_writing(self, team):
        new, won = category(team, "new_lead"), category(team, "active_client")
        made = [card(team, account_value=Decimal("10.50")) for _ in range(3)]
        assert by_category(team) == {new.pk: 3}
        with tenant_scope(team.tenant.pk):
            update_cards({made[0].pk: {"category_id": won.pk}})
            Prospect.objects.filter(pk=made[1].pk).update(account_value=5)
            Prospect.objects.filter(pk=made[2].pk).update(deleted_at=timezone.now())
        assert by_category(team) == {new.pk: 1, won.pk: 1}
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM prospects_contact")
            cursor.execute("DELETE FROM prospects_prospect WHERE id = %s", [made[0].pk])
        assert by_category(team) == {new.pk: 1}
        with tenant_scope(team.tenant.pk):
            Prospect.all_objects.filter(pk=made[2].pk).update(deleted_at=None)
        assert by_category(team) == {new.pk: 2}
        assert wrong(team) == []

    def test_write_one_row_for_a_whole_batch_and_none_for_what_counts_nothing(self, team):
        with tenant_scope(team.tenant.pk):
            start = category(team, "new_lead").pk
            rows = [{"company_name": f"{n}"} for n in range(50)]
            insert_cards([new_card(row, category_id=start, at=timezone.now()) for row in rows])
            assert CardCount.objects.count() == 1
            Prospect.objects.update(channel="expo")
            assert CardCount.objects.count() == 1

    def test_are_folded_without_a_change(self, team, rivals):
        for made in (card(team), card(team), card(rivals)):
            with tenant_scope(made.tenant_id):
                target = category(team if made.tenant_id == team.tenant.pk else rivals, "contacted")
                edit_prospect(
                    prospect_id=made.pk, changes={"category_id": target.pk}, at=timezone.now()
                )
        before = by_category(team)
        fold_all()
        with tenant_scope(team.tenant.pk):
            assert CardCount.objects.count() == 1
        assert by_category(team) == before
        assert wrong(team) == wrong(rivals) == []


class TestCheckIntegrity:
    def test_passes_when_all_is_right(self, team, capsys):
        card(team)
        call_command("check_integrity")
        assert "passed" in capsys.readouterr().out

    def test_fails_names_and_repairs_what_is_wrong(self, team, capsys):
        made = card(team, account_value=7)
        with tenant_scope(team.tenant.pk):
            CardCount.objects.update(cards=5)
        with pytest.raises(CommandError):
            call_command("check_integrity", tenant=team.tenant.slug)
        assert f"category {made.category_id}" in capsys.readouterr().err
        call_command("check_integrity", "--repair")
        call_command("check_integrity")
        assert wrong(team) == []

    def test_says_that_there_is_no_such_tenant(self, db):
        with pytest.raises(CommandError, match="no tenant"):
            call_command("check_integrity", tenant="nobody")


@pytest.mark.django_db(transaction=True)
class TestEightAtOnce:
    """Bulk inserts, moves, soft deletes, restores and folds from eight connections."""

    def test_keep_the_counts_right(self, team):
        with tenant_scope(team.tenant.pk):
            targets = [category(team, name).pk for name in ("contacted", "qualified", "new_lead")]
        ids = [card(team, account_value=number).pk for number in range(24)]

        def work(number: int) -> None:
            try:
                with tenant_scope(team.tenant.pk):
                    for turn in range(6):
                        JOBS[(number + turn) % len(JOBS)](ids, targets, number * 100 + turn)
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
        assert wrong(team) == []
        with tenant_scope(team.tenant.pk):
            live = Prospect.objects.count()
            assert sum(CardCount.objects.by_category().values()) == live


def _insert(ids: list[int], targets: list[int], number: int) -> None:
    at = timezone.now()
    rows = [{"company_name": f"{number}-{n}", "account_value": n} for n in range(20)]
    insert_cards([new_card(row, category_id=targets[number % 3], at=at) for row in rows])


def _move(ids: list[int], targets: list[int], number: int) -> None:
    for pk in ids[number % 5 :: 5]:
        Prospect.objects.filter(pk=pk).update(category_id=targets[(number + pk) % 3])


def _delete(ids: list[int], targets: list[int], number: int) -> None:
    Prospect.objects.filter(pk=ids[number % len(ids)]).update(
        deleted_at=datetime.now().astimezone()
    )


def _restore(ids: list[int], targets: list[int], number: int) -> None:
    Prospect.all_objects.filter(pk=ids[(number * 7) % len(ids)]).update(deleted_at=None)


def _fold(ids: list[int], targets: list[int], number: int) -> None:
    fold_counts()


JOBS = (_insert, _move, _delete, _restore, _fold)

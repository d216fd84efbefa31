from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy

from core.api.errors import Surface
from core.api.rendering import crm_timestamp, dump, sales_timestamp

MOMENT = datetime(2026, 3, 15, 4, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-6)))


class TestDecimals:
    @pytest.mark.parametrize(
        "text", ["0.10", "12345678901234.56", "0.00", "-1.50", "100", "99999999999999999999.99"]
    )
    def test_are_written_exactly(self, text):
        assert dump({"amount": Decimal(text)}, Surface.CRM) == f'{{"amount":{text}}}'.encode()

    def test_are_written_out(self):
        assert dump(Decimal("1E+3"), Surface.SALES) == b"1000"
        assert dump(Decimal("1E-3"), Surface.SALES) == b"0.001"


class TestTimestamps:
    def test_of_the_crm_are_to_the_second(self):
        assert crm_timestamp(MOMENT) == "2026-03-15T10:30:00Z"
        assert dump([MOMENT], Surface.CRM) == b'["2026-03-15T10:30:00Z"]'
        assert dump([MOMENT], Surface.ANALYTICS) == b'["2026-03-15T10:30:00Z"]'

    def test_of_the_sales_api_are_to_the_microsecond(self):
        assert sales_timestamp(MOMENT) == "2026-03-15T10:30:00.123456Z"
        whole = datetime(2025, 3, 15, 10, 30, tzinfo=UTC)
        assert dump([whole], Surface.SALES) == b'["2025-03-15T10:30:00.000000Z"]'

    def test_of_early_years_keep_four_digits(self):
        early = datetime(33, 4, 3, tzinfo=UTC)
        assert crm_timestamp(early) == "0033-04-03T00:00:00Z"
        assert sales_timestamp(early) == "0033-04-03T00:00:00.000000Z"


class TestOtherValues:
    def test_are_json(self):
        values = {
            "day": date(2026, 3, 15),
            "id": UUID(int=7),
            "set": {2, 1},
            "tuple": (1, "a"),
            "lazy": gettext_lazy("Nothing translates this"),
            "none": None,
            7: "ñ",
        }
        assert dump(values, Surface.CRM).decode() == (
            '{"day":"2026-03-15","id":"00000000-0000-0000-0000-000000000007","set":[1,2],'
            '"tuple":[1,"a"],"lazy":"Nothing translates this","none":null,"7":"ñ"}'
        )

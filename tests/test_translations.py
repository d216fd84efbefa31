"""Spanish: our own catalogue must not take words away from Django's."""

from __future__ import annotations

from datetime import date

from django.utils import translation
from django.utils.formats import date_format


class TestMonths:
    def test_are_months_in_every_format(self):
        """`May` is a verb as well: translated as one, every date of that month reads wrongly."""
        with translation.override("es"):
            shown = [date_format(date(2026, month, 1), "F M") for month in range(1, 13)]
        assert shown[4] == "mayo May"
        assert (shown[0], shown[11]) == ("enero Ene", "diciembre Dic")

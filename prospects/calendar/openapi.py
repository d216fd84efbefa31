"""The query parameters of the calendar, for the schema."""

from __future__ import annotations

from datetime import date

from drf_spectacular.utils import OpenApiParameter

from prospects.board.openapi import FILTERS

DAYS = {
    "startDate": "First day (YYYY-MM-DD).",
    "endDate": "Last day, included; at most 366 days in all.",
}
PARAMETERS = [
    *(OpenApiParameter(name, date, required=True, description=DAYS[name]) for name in DAYS),
    *(parameter for parameter in FILTERS if parameter.name not in DAYS),
]

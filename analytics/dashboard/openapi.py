"""The query parameters of the dashboard, for the schema."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter

from analytics.dashboard.conditions import Figure

FILTERS = [
    OpenApiParameter(name, str, description=description)
    for name, description in {
        "startDate": "Created from this day on (YYYY-MM-DD); with endDate. Without, all time.",
        "endDate": "Created up to this day, included.",
        "localeIds": "Comma-separated ids of countries; 0 or null: none.",
        "salesman": "One id or a comma-separated list; 0 or null: nobody. Always live.",
        "tier": "Comma-separated tiers from 0 to 5; null: none. Always live.",
        "stage": "customer_lost, won, in_recharge or the name of a category. Always live.",
        "product": "Name of a content, such as packageContent.electronics. Always live.",
    }.items()
]
ROWS = [
    OpenApiParameter(
        "figure",
        str,
        enum=[figure.value for figure in Figure],
        default=Figure.LEADS.value,
        description="Which of the leads that the filters leave.",
    ),
    OpenApiParameter("start", int, default=0, description="Offset."),
    OpenApiParameter(
        "length", int, default=25, description="Page size; above 100 is taken as 100."
    ),
]

"""What stands on each day: one statement counts it and says which of it is shown."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Value

from core.back_office_filters import midnight
from crm_project.back_office.calendar.asked import DAY, MONTH, WEEK, Asked
from crm_project.back_office.calendar.items import Item
from crm_project.back_office.calendar.kinds import KINDS

# So many of a day are read, however many it holds.
SHOWN = {MONTH: 4, WEEK: 30, DAY: 200}
# Days are told apart by the moments at which they begin for whoever looks.
PLACED = """
    WITH found(kind, id, at) AS MATERIALIZED ({found}),
    of_days AS (
        SELECT kind, id, at, width_bucket(at, %s::timestamptz[]) AS day FROM found
    ),
    placed AS (
        SELECT kind, id, day, count(*) OVER (PARTITION BY day) AS total,
               row_number() OVER (PARTITION BY day ORDER BY at, kind, id) AS place
        FROM of_days
    )
    SELECT kind, id, day - 1, total FROM placed WHERE place > %s AND place <= %s
    ORDER BY day, place
"""
Shown = dict[int, list[Item]]


def read_days(user: Any, asked: Asked) -> tuple[Shown, dict[int, int]]:
    """Return what is shown of each day, by the day's number, and how much there is of each."""
    rows = _placed(user, asked)
    ids = defaultdict(list)
    for kind, pk, _day, _total in rows:
        ids[kind].append(pk)
    items = {
        (kind, item.pk): item for kind, some in ids.items() for item in KINDS[kind].read(some, user)
    }
    shown: Shown = defaultdict(list)
    totals = {}
    for kind, pk, day, total in rows:
        totals[day] = total
        if (kind, pk) in items:  # else it was deleted between the two statements
            shown[day].append(items[kind, pk])
    return shown, totals


def _placed(user: Any, asked: Asked) -> list[tuple[str, int, int, int]]:
    begins = [midnight(day) for day in asked.days]
    until = midnight(asked.days[-1] + timedelta(days=1))
    found, params = [], []
    for name in asked.kinds:
        kind = KINDS[name]
        rows = kind.rows(user, asked.of(user), begins[0], until).order_by()
        columns = rows.values_list(Value(name), "pk", F(kind.MOMENT))
        try:
            sql, values = columns.query.sql_with_params()
        except EmptyResultSet:
            continue
        found.append(sql)
        params += values
    if not found:
        return []
    most = SHOWN[asked.span]
    places = (most * (asked.part - 1), most * asked.part)
    with connection.cursor() as cursor:
        sql = PLACED.format(found=" UNION ALL ".join(found))
        cursor.execute(sql, (*params, begins, *places))
        return list(cursor.fetchall())

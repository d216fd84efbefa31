"""What stands on each day: one statement counts it and says which of it is shown."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Value
from django.db.models.expressions import RawSQL

from core.back_office_filters import midnight
from crm_project.back_office.calendar.asked import DAY, MONTH, WEEK, Asked
from crm_project.back_office.calendar.items import Item
from crm_project.back_office.calendar.kinds import KINDS

# So many of a day are read, however many it holds.
SHOWN = {MONTH: 4, WEEK: 30, DAY: 200}
# Days are told apart by the moments at which they begin for whoever looks.
PLACED = """
    WITH days AS MATERIALIZED (SELECT %s::timestamptz[] AS begin),
    day(since, until) AS (
        SELECT moment, lead(moment, 1, %s) OVER (ORDER BY moment) FROM days, unnest(begin) AS moment
    ),
    found(kind, id, at) AS MATERIALIZED ({found}),
    counted AS (
        SELECT width_bucket(at, begin) AS day, sum(number)::bigint AS total
        FROM days, ({counted}) AS moments(at, number) GROUP BY 1
    ),
    placed AS (
        SELECT kind, id, width_bucket(at, begin) AS day,
               row_number() OVER (PARTITION BY width_bucket(at, begin) ORDER BY at, kind, id)
                 AS place
        FROM days, found
    )
    SELECT kind, id, day - 1, total FROM placed JOIN counted USING (day)
    WHERE place > %s AND place <= %s ORDER BY day, place
"""
OF_EACH_DAY = "SELECT page.* FROM day CROSS JOIN LATERAL ({rows}) AS page"
AS_FOUND = "SELECT at, 1 FROM found WHERE kind <> ALL(%s)"
Shown = dict[int, list[Item]]
Sql = tuple[str, tuple[Any, ...]]


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
    most = SHOWN[asked.span]
    places = (most * (asked.part - 1), most * asked.part)
    found, counted = _selected(user, asked, begins[0], until, most=places[1])
    sql = PLACED.format(found=_united(found), counted=_united(counted))
    params = [value for _sql, some in (*found, *counted) for value in some]
    with connection.cursor() as cursor:
        cursor.execute(sql, (begins, until, *params, *places))
        return list(cursor.fetchall())


def _selected(
    user: Any, asked: Asked, since: datetime, until: datetime, *, most: int
) -> tuple[list[Sql], list[Sql]]:
    """SQL of what is found of each kind, and of how much there is of it."""
    found: list[Sql] = []
    counted: list[Sql] = []
    many: list[str] = []
    of = asked.of(user)
    for name in asked.kinds:
        kind = KINDS[name]
        count = kind.count(user, of, since, until)
        if count is None:
            found.append(_sql(name, kind.rows(user, of, since, until)))
            continue
        rows = kind.rows(user, of, RawSQL("day.since", []), RawSQL("day.until", []))
        sql, values = _sql(name, rows, most=most)
        found.append((OF_EACH_DAY.format(rows=sql), values))
        counted.append(count)
        many.append(name)
    return found, [*counted, (AS_FOUND, (many,))]


def _sql(name: str, rows: Any, most: int | None = None) -> Sql:
    """SQL of rows as the statement wants them; of those that are many, the first of a day."""
    moment = KINDS[name].MOMENT
    ordered = rows.order_by(moment, "pk")[:most] if most else rows.order_by()
    columns = ordered.values_list(Value(name), "pk", F(moment))
    sql, params = columns.query.sql_with_params()
    return sql, params


def _united(some: list[Sql]) -> str:
    return " UNION ALL ".join(f"({sql})" for sql, _params in some)

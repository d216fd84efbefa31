"""One view: run a statement, dump its rows."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import connection
from django.http import HttpResponse
from django.urls import path

from benchmarks.statements import SERVED


def rows(request: Any, name: str) -> HttpResponse:
    """The rows of a statement, its parameters taken from the query."""
    with connection.cursor() as cursor:
        cursor.execute(SERVED[name], request.GET.dict())
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return HttpResponse(orjson.dumps(found, default=str), content_type="application/json")


urlpatterns = [path("bare/<str:name>", rows)]

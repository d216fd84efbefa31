"""Tools ask the API's own views: the same shapes, rules, rights and words as for everybody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from io import BytesIO
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson
from django.core.handlers.wsgi import WSGIRequest
from django.urls import ResolverMatch, resolve

from core.api.permissions import ANYONE, SIGNED_IN, required_permissions
from core.api.rendering import dump
from crm_project.mcp.visits import Visit

PLACE = re.compile(r"\{(\w+)\}")


class Refused(Exception):
    """What was asked for was not done: the message says why, `fields` what is wrong where."""

    def __init__(self, message: str, fields: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields or {}


class Route(NamedTuple):
    """A route of the API; `{name}` in its path is an argument."""

    method: str
    path: str

    def needs(self) -> tuple[str, ...] | None:
        """The permissions that the view declares; None for whom nobody needs to be."""
        return _needs(self)

    def places(self) -> frozenset[str]:
        """The arguments that stand in the path."""
        return frozenset(PLACE.findall(self.path))


@cache
def _needs(route: Route) -> tuple[str, ...] | None:
    view: Any = resolve(PLACE.sub("1", route.path)).func
    actions = getattr(view, "actions", None) or {}
    request = SimpleNamespace(method=route.method)
    asked = SimpleNamespace(
        permission=view.cls.permission, action=actions.get(route.method.lower()), request=request
    )
    required = required_permissions(asked)
    if required == (ANYONE,):
        return None
    return tuple(code for code in required if code != SIGNED_IN)


def ask(
    visit: Visit, route: Route, values: Mapping[str, Any], *, key: str | None = None
) -> dict[str, Any]:
    """Ask a view as the caller of a visit, with the values that the route does not name as its
    query or body; return what it answers.

    :param key: makes it an answer once only, however often it is asked (Idempotency-Key).
    :raises Refused: it is no success.
    """
    rest = {name: value for name, value in values.items() if name not in route.places()}
    request = _request(visit, route.method, route.path.format(**values), rest, key)
    view = _resolved(request.path_info)
    response: Any = view.func(request, *view.args, **view.kwargs)
    answer = _content(response, view.func)
    if response.status_code >= 400:
        fields = answer.get("errors") or answer.get("validation")
        raise Refused(str(answer.get("message") or response.reason_phrase), fields)
    return answer


@lru_cache(maxsize=512)
def _resolved(path: str) -> ResolverMatch:
    return resolve(path)


def _request(
    visit: Visit, method: str, path: str, rest: dict[str, Any], key: str | None
) -> WSGIRequest:
    query = urlencode(rest) if method == "GET" else ""
    body = b"" if method == "GET" else orjson.dumps(rest)
    environ = {
        **visit.environ,
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    if key:
        environ["HTTP_IDEMPOTENCY_KEY"] = key
    request: Any = WSGIRequest(environ)
    request.request_id = visit.request_id
    if visit.user is not None:  # who it is has been found out already
        request._force_auth_user, request._force_auth_token = visit.user, visit.session_id
    return request


def _content(response: Any, view: Any) -> dict[str, Any]:
    data = getattr(response, "data", None)
    content = dump(data, view.cls.surface) if data is not None else response.content
    answer: dict[str, Any] = orjson.loads(content) if content else {}
    return answer

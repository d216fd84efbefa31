"""Every answer of the APIs, in whatever test it is given, is what the schema says.

A status, a kind of content, a key or a value that the schema does not describe fails the test that
asked; so does a query parameter that a view reads and the schema does not know. The body of a
request that was accepted is held to the schema as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from django.test.client import FakePayload
from rest_framework.request import Request

from tests.schema_of import content_at, operations, response_of, shape, validator

JSON = "application/json"


class Lie(AssertionError):
    """The schema and an answer do not agree."""


class Watched(QueryDict):
    """Query parameters that know by which names they were asked for."""

    def __init__(self, sent: QueryDict) -> None:
        super().__init__(mutable=True)
        self.sent = sent
        self.asked: set[str] = set()
        for name, values in sent.lists():
            self.setlist(name, values)
        self._mutable = False

    def __getitem__(self, name: Any) -> Any:
        self.note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.note(name)
        return super().__contains__(name)

    def getlist(self, name: Any, default: Any = None) -> Any:
        self.note(name)
        return super().getlist(name, default)

    def items(self) -> Any:
        """All that was sent: nothing was asked for by its name."""
        return ((name, super(Watched, self).__getitem__(name)) for name in self)

    def copy(self) -> QueryDict:
        """One to be changed, which nobody watches."""
        return self.sent.copy()

    def note(self, name: object) -> None:
        if name is not None:  # DRF asks for ?None= where no parameter chooses the format
            self.asked.add(str(name))


@pytest.fixture(scope="session", autouse=True)
def _honest_schema() -> Iterator[None]:
    """See every answer that a client of Django's or DRF's brings home."""
    ask = Client.request

    def request(self: Client, **environ: Any) -> Any:
        sent = environ["wsgi.input"].read() if "wsgi.input" in environ else b""
        if sent:
            environ["wsgi.input"] = FakePayload(sent)
        response = ask(self, **environ)
        look_at(response, sent)
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", request)
        patch.setattr(Request, "query_params", property(_watched))
        yield


def _watched(request: Any) -> Watched:
    asked = request._request
    if not hasattr(asked, "watched"):
        asked.watched = Watched(asked.GET)
    return asked.watched


def look_at(response: Any, sent: bytes) -> None:
    """Compare an answer, and what was asked, with the schema.

    :raises Lie: it says otherwise.
    """
    asked = response.wsgi_request
    found, status = asked.resolver_match, str(response.status_code)
    if found is None or status >= "500" or settings.ROOT_URLCONF != "crm_project.urls":
        return  # a fault, or a test with routes of its own
    pointer, operation = operations().get(
        (asked.method.lower(), shape(f"/{found.route}")), ("", {})
    )
    if not operation:
        return
    where = f"{operation['operationId']} answers {status}"
    if status not in operation["responses"]:
        raise Lie(f"{where}, which the schema does not describe: {_start_of(response)}")
    _see_parameters(asked, operation)
    _see_content(response, *response_of(operation, pointer, status), where)
    known = operation.get("requestBody", {}).get("content", ())
    if status < "300" and sent and JSON in known and asked.content_type not in {*known} - {JSON}:
        where = f"{operation['operationId']} accepts a body"
        _hold(sent, content_at(f"{pointer}/requestBody", JSON), where, is_sent=True)


def _see_parameters(asked: Any, operation: dict[str, Any]) -> None:
    known = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"}
    unknown = getattr(asked, "watched", None) and asked.watched.asked - known
    if unknown:
        name = operation["operationId"]
        raise Lie(f"{name} reads {', '.join(sorted(unknown))}, which the schema does not describe")


def _see_content(response: Any, told: dict[str, Any], pointer: str, where: str) -> None:
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    known = told.get("content")
    if not known:
        return
    if kind not in known:
        raise Lie(f"{where} with {kind or 'nothing'}, but the schema says {' or '.join(known)}")
    if kind == JSON:
        is_whole = "fields" not in response.wsgi_request.GET
        _hold(response.content, content_at(pointer, kind), where, is_whole=is_whole)


def _hold(
    content: bytes, pointer: str, where: str, *, is_sent: bool = False, is_whole: bool = True
) -> None:
    for wrong in validator(pointer, is_sent).iter_errors(orjson.loads(content)):
        if not is_whole and wrong.kind.name == "required":
            continue  # a row of which the caller wanted some fields
        place = "/".join(str(part) for part in wrong.instance_path)
        raise Lie(f"{where} that is not as described, at /{place}: {wrong.message}")


def _start_of(response: Any) -> str:
    return "…" if response.streaming else response.content[:300].decode(errors="replace")

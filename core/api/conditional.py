"""Conditional GET: `If-None-Match` with the ETag of the present answer is answered 304.

A view says what its answer is made of (`watched`, subjects of core.tallies). The statement that
signs the caller in reads how often these have changed, so that a 304 needs no other. Views whose
answer has the version of a row (`ETag` by core.api.versions) are compared when the answer is
written: that saves its transfer, not the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from rest_framework.response import Response

from core.api.versions import names_in, short_hash, whole_etag
from core.rights import ALL_PROSPECTS

READING = ("GET", "HEAD")
# What of a caller decides how an answer looks to them.
CALLER = (
    *("id", "tenant_id", "role", "extra_codes"),
    *("time_zone", "language", "currency", "country_code"),
)


class ConditionalMixin:
    """Names the state that an answer shows, and leaves out the answer for who has it."""

    watched: ClassVar[tuple[str, ...]] = ()
    watched_by_sellers: ClassVar[tuple[str, ...]] = ()  # beside: what decides which rows they see
    names_answers: ClassVar[bool] = False  # otherwise than by what is watched: by a row's version
    state: str | None = None

    def subjects(self) -> tuple[str, ...]:
        """What of a tenant changes this answer, for some caller."""
        return (*self.watched, *self.watched_by_sellers)

    def is_named(self) -> bool:
        """Whether an answer to who reads has an ETag."""
        return self.names_answers or bool(self.subjects())

    def present_state(self, request: Any) -> str | None:
        """Whatever, if it is the same as before, makes the same answer; None: nobody knows."""
        facts = getattr(request.user, "facts", {})
        sums = facts.get("tallies")
        if not sums:
            return None
        counted = sums[: len(self.watched)] if request.user.has_perm(ALL_PROSPECTS) else sums
        return repr(counted)

    def true_until(self) -> datetime | None:
        """When the answer becomes another one by itself: for days that pass, say."""
        return None

    def lasting(self, body: bytes) -> bytes:
        """What of a row as it is written becomes another only when something has happened."""
        return body

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if request.method not in READING:
            return
        self.state = self.present_state(request)
        names = names_in(request.headers.get("If-None-Match", ""))
        known = next((name for name in names if self._is_present(request, name)), None)
        if known:
            unchanged = Response(None, 304, headers={"ETag": f'W/"{known}"'})
            setattr(self, request.method.lower(), lambda *_, **__: unchanged)

    def _is_present(self, request: Any, name: str) -> bool:
        """Whether an ETag names the state that is shown now: by its digest, until its moment."""
        if self.state is None:
            return False
        _, _, until = name.partition(".")
        if until and not (until.isdecimal() and len(until) <= 12 and _now() < int(until)):
            return False
        return name == self._name(request, until)

    def _name(self, request: Any, until: str) -> str:
        facts = request.user.facts
        caller = repr([facts[name] for name in CALLER])
        asked = request.build_absolute_uri()
        parts = (_program(), caller, asked, str(self.state), until)
        digest = short_hash(*(part.encode() for part in parts))
        return f"{digest}.{until}" if until else digest

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        if response.status_code == 200 and self.state is not None:
            moment = self.true_until()
            until = str(int(moment.timestamp())) if moment else ""
            response["ETag"] = f'W/"{self._name(request, until)}"'
        elif response.status_code != 304 and response.has_header("ETag"):
            _when_written(response, self._name_row)
        if request.method in READING and response.has_header("ETag"):
            response["Cache-Control"] = "private, no-cache"
            patch_vary_headers(response, ["Authorization"])
            asked = request.headers.get("If-None-Match", "")
            if asked and response.status_code == 200:
                _when_written(response, partial(_leave_out, asked))
        return response

    def _name_row(self, response: Any) -> None:
        response["ETag"] = whole_etag(response["ETag"], self.lasting(response.content))


def _when_written(response: Any, then: Callable[[Any], None]) -> None:
    """Do something with an answer that is still to be written; one that is a copy is whole."""
    if isinstance(response, Response):
        response.add_post_render_callback(then)


def _leave_out(asked: str, response: Any) -> None:
    """Make a written answer a 304 for who has it, or wants it only if there is none (`*`)."""
    (name,) = names_in(response["ETag"])
    if asked.strip() == "*" or name in names_in(asked):
        response.status_code = 304
        response.content = b""
        response.headers.pop("Content-Type", None)


def _now() -> float:
    return timezone.now().timestamp()


@cache
def _program() -> str:
    """A name of the program as it runs: another version of it may answer otherwise."""
    parts = (part for path in _sources() for part in (path.name.encode(), path.read_bytes()))
    return short_hash(*parts)


def _sources() -> Iterator[Path]:
    root = Path(settings.BASE_DIR)
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        if Path(config.path).parent == root:
            yield from sorted(Path(config.path).rglob("*.py"))

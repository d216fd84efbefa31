"""`Idempotency-Key`: a POST that is sent again is answered again, and does nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.rendering import BodyTooLarge, dump
from core.api.versions import whole_etag
from core.errors import InvalidInput
from core.idempotency import Answer, answer_once, fingerprint_of

HEADER = "Idempotency-Key"
LONGEST_KEY = 255

Handler = Callable[..., Any]


class RepeatableMixin:
    """Views whose POST takes a key. By default those of the sales API."""

    surface: ClassVar[Surface]
    takes_key: ClassVar[bool | None] = None  # None: as its surface does

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        view: Any = self
        if request.method == "POST" and HEADER in request.headers and self._takes_key(request):
            handler = view.post
            view.post = lambda *args, **kwargs: self._post_once(handler, *args, **kwargs)

    @classmethod
    def is_repeatable(cls) -> bool:
        """Whether a key is looked at, of somebody who is signed in."""
        return cls.surface is Surface.SALES if cls.takes_key is None else cls.takes_key

    def _takes_key(self, request: Any) -> bool:
        return self.is_repeatable() and bool(request.user) and request.user.is_authenticated

    def _post_once(self, handler: Handler, request: Any, *args: Any, **kwargs: Any) -> Any:
        made: list[Any] = []

        def do() -> Answer:
            response, may_pass = self._attempt(handler, request, *args, **kwargs)
            made.append(response)
            body = dump(made[0].data, self.surface) if made[0].data is not None else b""
            view: Any = self
            version = whole_etag(made[0].get("ETag", ""), view.lasting(body))
            return Answer(made[0].status_code, body, version, may_pass)

        answer, is_repeated = answer_once(
            user_id=request.user.pk,
            key=_read_key(request.headers[HEADER]),
            fingerprint=_fingerprint(request),
            at=timezone.now(),
            do=do,
        )
        return _again(answer) if is_repeated else made[0]

    def _attempt(
        self, handler: Handler, request: Any, *args: Any, **kwargs: Any
    ) -> tuple[Response, bool]:
        """What the handler answers; a refusal, which is an answer too, undoes what it wrote.

        And whether it was refused for what others did at that moment: a deadlock.
        """
        try:
            with transaction.atomic():
                return handler(request, *args, **kwargs), False
        except Exception as error:
            may_pass = isinstance(error, OperationalError)
            return self.handle_exception(error), may_pass  # type: ignore[attr-defined]


def _read_key(text: str) -> str:
    if not 1 <= len(text) <= LONGEST_KEY or not text.isprintable():
        raise InvalidInput.of(HEADER, f"Must have 1 to {LONGEST_KEY} printable characters.")
    return text


def _fingerprint(request: Any) -> str:
    try:
        body = request._request.body
    except RequestDataTooBig as error:
        raise BodyTooLarge from error
    return fingerprint_of(request.get_full_path().encode(), body)


def _again(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, content_type="application/json")
    response["Idempotent-Replayed"] = "true"
    if answer.version:
        response["ETag"] = answer.version
    return response

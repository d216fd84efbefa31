"""What an operation may answer beside what was asked for: each status, in its surface's words."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from core.api.errors import Surface, envelope
from core.api.permissions import ANYONE, SIGNED_IN
from core.outages import WORDS

WRITES = ("POST", "PUT", "PATCH", "DELETE")
# By status: what it means, an example of its message, and of the fields that are named.
MEANINGS: dict[int, tuple[str, str, dict[str, list[str]] | None]] = {
    400: (
        "A parameter or field cannot be accepted.",
        "email: Enter a valid email address.",
        {"email": ["Enter a valid email address."]},
    ),
    401: (
        "No token, or one that is not valid any more.",
        "The token is invalid or no longer valid.",
        None,
    ),
    403: (
        "The caller may not do this.",
        "You do not have permission to perform this action.",
        None,
    ),
    408: (
        "The body came too slowly, or not to its end.",
        "The request came too slowly, or not to its end.",
        None,
    ),
    404: ("There is no such row for this caller.", "Not found.", None),
    409: (
        "It conflicts with what is there, with the state of the row, or with what somebody else "
        "does at the same moment; or the Idempotency-Key was used for another request.",
        "This conflicts with data that exists already.",
        None,
    ),
    412: (
        "The row has changed since the caller read it (If-Match).",
        "This has changed since you read it. Read it again, then change it.",
        None,
    ),
    413: ("The body is too large.", "The body is too large.", None),
    415: (
        "The body is of another kind than those that are described.",
        'Unsupported media type "application/json" in request.',
        None,
    ),
    422: (
        "A field or parameter cannot be accepted, or the body is not the JSON that is expected.",
        "email: Enter a valid email address.",
        {"email": ["Enter a valid email address."]},
    ),
    429: (
        "Too often: try again after `Retry-After` seconds.",
        "Request was throttled. Expected available in 30 seconds.",
        None,
    ),
    503: (
        "The database is away: send it again after `Retry-After` seconds, a POST with the same "
        "Idempotency-Key as before, as it may have been done. Or it takes too long, as the message "
        "says: it was stopped, and nothing was changed.",
        WORDS,
        None,
    ),
}
ETAG = {
    "schema": {"type": "string"},
    "description": "The name of this state, for `If-None-Match`, and `If-Match` of a row.",
}
PLAIN: dict[int, dict[str, Any]] = {
    301: {
        "description": "The card went into another one: this is where it is now.",
        "headers": {"Location": {"schema": {"type": "string"}}},
    },
    304: {
        "description": "It is still as the caller knows it (If-None-Match).",
        "headers": {"ETag": ETAG},
    },
}
SOON = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds from now."}}
HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "Bearer"}},
    429: {
        **SOON,
        "RateLimit-Limit": {
            "schema": {"type": "string"},
            "description": "How often in each window, of the limit that is nearest.",
        },
        "RateLimit-Remaining": {"schema": {"type": "string"}, "description": "What is left."},
        "RateLimit-Reset": {
            "schema": {"type": "string"},
            "description": "Seconds until the next window.",
        },
    },
    503: SOON,
}


def refusals_of(view: Any, method: str, operation: dict[str, Any]) -> set[int]:
    """Return the statuses that an operation may answer when it does not do what was asked for.

    Beside what follows from its permission, path, parameters and body there is what only the view
    knows: `answers_too`, statuses or a dict of these by action or lower-case method.
    """
    parameters = operation.get("parameters", ())
    places = {parameter["in"] for parameter in parameters}
    names = {parameter["name"] for parameter in parameters}
    needed = _declared(view, method, "permission")
    is_known = bool(view.get_authenticators())  # tokens are looked at
    has_body = "requestBody" in operation
    applies = {
        401: is_known,
        403: is_known and bool(set(needed) - {ANYONE, SIGNED_IN}),
        404: "path" in places,
        409: is_known and method in WRITES,
        412: "If-Match" in names,
        408: has_body,
        413: has_body,
        422: has_body,
    }
    # A NUL byte in a query parameter, if nothing else; limits of callers; and what may befall any.
    found = {view.surface.invalid_status, 429, 503}
    found |= {status for status, is_possible in applies.items() if is_possible}
    return found | set(_declared(view, method, "answers_too"))


def _declared(view: Any, method: str, name: str) -> tuple[Any, ...]:
    declared = getattr(view, name, ())
    if isinstance(declared, dict):
        declared = declared.get(getattr(view, "action", None) or method.lower(), ())
    return (declared,) if isinstance(declared, str | int) else tuple(declared)


def reference(surface: Surface, status: int) -> dict[str, str]:
    """Where the description of such an answer stands in the schema."""
    return {"$ref": f"#/components/responses/{_name(surface, status)}"}


def _name(surface: Surface, status: int) -> str:
    words = "Unprocessable" if status == 422 else HTTPStatus(status).phrase.title().replace(" ", "")
    if status in PLAIN:
        return words
    return f"{'Sales' if surface is Surface.SALES else 'Crm'}{words}"


def shared_responses() -> dict[str, Any]:
    """The descriptions that references lead to."""
    refusals = {
        _name(surface, status): _described(surface, status)
        for surface in (Surface.CRM, Surface.SALES)
        for status in MEANINGS
        if (surface, status) != (Surface.SALES, 400)
    }
    return refusals | {_name(Surface.CRM, status): told for status, told in PLAIN.items()}


def _described(surface: Surface, status: int) -> dict[str, Any]:
    meaning, message, fields = MEANINGS[status]
    shape = "SalesError" if surface is Surface.SALES else "CrmError"
    content = {
        "schema": {"$ref": f"#/components/schemas/{shape}"},
        "example": envelope(surface, status, message, fields),
    }
    return {
        "description": meaning,
        **({"headers": HEADERS[status]} if status in HEADERS else {}),
        "content": {"application/json": content},
    }


_FIELDS = {
    "type": "object",
    "description": "What is wrong, by field or parameter; `items.0.quantity` is inside a list.",
    "additionalProperties": {"type": "array", "items": {"type": "string"}, "minItems": 1},
}
_MESSAGE = {"type": "string", "description": "For people."}
_CODE = {"type": "string", "description": "For programs, where several reasons are possible."}
ERROR_SHAPES: dict[str, Any] = {
    "CrmError": {
        "type": "object",
        "description": "An error of the CRM API and of analytics.",
        "required": ["statusCode", "error", "message"],
        "properties": {
            "statusCode": {"type": "integer"},
            "error": {"type": "string", "description": "The status in words."},
            "message": _MESSAGE,
            "validation": _FIELDS,
            "code": _CODE,
        },
    },
    "SalesError": {
        "type": "object",
        "description": "An error of the sales API.",
        "required": ["message"],
        "properties": {"message": _MESSAGE, "errors": _FIELDS, "code": _CODE},
    },
}

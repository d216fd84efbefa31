"""The one kind of error that rules raise."""

from __future__ import annotations


class DomainError(Exception):
    """A rule said no.

    `code` is for programs and stays stable, `message` is for people, `status` is the HTTP status a
    door answers with, `fields` names what is wrong where ({field: [messages]}).
    """

    code = "conflict"
    status = 409
    tells_code = False  # whether answers that have no room for codes tell this one all the same

    def __init__(self, message: str, *, fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields


class InvalidInput(DomainError):
    """A value cannot be accepted: 400 in the CRM API, 422 in the sales API."""

    code = "invalid"
    status = 400

    @classmethod
    def of(cls, field: str, message: str) -> InvalidInput:
        """An error about one field or query parameter."""
        return cls(f"{field}: {message}", fields={field: [message]})


class NotAllowed(DomainError):
    """The caller may see this, but not do that."""

    code = "forbidden"
    status = 403


class NotFound(DomainError):
    """There is no such row for this caller."""

    code = "not_found"
    status = 404


class Outdated(DomainError):
    """The row is not any more what the caller has seen (If-Match)."""

    code = "outdated"
    status = 412

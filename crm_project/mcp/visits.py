"""One message of an agent: for whom it acts, and what of where it comes from counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from accounts.sessions.authentication import find_caller
from accounts.sessions.tokens import session_of_access
from accounts.users.models import User

LONGEST_AGENT = 100


@dataclass
class Visit:
    """Who calls, by which address, and what links in answers begin with.

    `environ` is of the HTTP request that brought the message: questions to the API come from the
    same address and device. `sign_in` is what a token that an agent got itself is for, if the
    transport can keep one. `is_counted` says that the message has been counted: nobody may send
    too many.
    """

    user: User | None
    session_id: UUID | None
    base_url: str
    environ: dict[str, Any]
    request_id: str = field(default_factory=lambda: uuid4().hex)
    agent: str = ""
    sign_in: Callable[[str], None] | None = None
    is_counted: bool = True

    def link(self, path: str) -> str:
        """A page of the back office, as people open it."""
        return f"{self.base_url}{path}"


def caller_by(token: str) -> tuple[User | None, UUID | None]:
    """Return whose token it is and their session; nobody, if it is no longer good."""
    session_id = session_of_access(token) if token else None
    return (find_caller(session_id) if session_id else None), session_id


def agent_name(client: Any) -> str:
    """What a client calls itself (name and version of its `clientInfo`), as it can be kept."""
    if not isinstance(client, dict):
        client = {name: getattr(client, name, "") for name in ("name", "version")}
    return clean_name(f"{client.get('name') or ''} {client.get('version') or ''}")


def clean_name(text: str) -> str:
    """One short printable line of what a client says of itself."""
    kept = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(kept.split()).encode(errors="replace").decode()[:LONGEST_AGENT]

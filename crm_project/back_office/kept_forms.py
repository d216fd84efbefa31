"""What somebody typed into a form whose session was over when they sent it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.http import url_has_allowed_host_and_scheme

SALT = "kept-form"
FIELD = "kept"  # in which the pages of signing in carry it
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (a field's name)
WHO_COOKIE, WHO_SALT = "crm_last_user", "last-user"
ROOM = 100_000  # characters beside it in a body


@dataclass(frozen=True)
class KeptForm:
    """A post that came too late: where it goes, its fields, and what cannot be carried.

    It travels signed in a hidden field, so that nobody can make another person's browser offer
    what they have not typed. Passwords and files stay behind.
    """

    path: str
    fields: list[list[str]]
    files: list[str]
    whose: int | None  # who signed in last in this browser, where that is known

    @property
    def sealed(self) -> str:
        parts = [self.path, self.fields, self.files, self.whose]
        return signing.dumps(parts, salt=SALT, compress=True)

    @property
    def typed(self) -> list[list[str]]:
        """The fields to be read over: those that hold something, and no bookkeeping of forms."""
        return [[name, text] for name, text in self.fields if text.strip() and "_FORMS" not in name]


def kept_of(request: Any) -> KeptForm:
    """Return what a request has posted."""
    fields = [
        [name, text]
        for name, texts in request.POST.lists()
        if name != TOKEN and "password" not in name.lower()
        for text in texts
    ]
    files = [file.name for some in request.FILES.lists() for file in some[1]]
    return KeptForm(request.get_full_path(), fields, files, last_user(request))


def is_too_large(sealed: str) -> bool:
    """Whether a page could not send it back to us."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return most is not None and len(sealed) > most - ROOM


def carried(request: Any) -> KeptForm | None:
    """Return what a page of signing in carries, unless it is nothing or not ours."""
    try:
        kept = KeptForm(*signing.loads(request.POST.get(FIELD, ""), salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    is_ours = url_has_allowed_host_and_scheme(kept.path, allowed_hosts=None)
    return kept if is_ours and kept.path.startswith("/admin/") else None


def last_user(request: Any) -> int | None:
    """Who signed in last in this browser."""
    known = request.get_signed_cookie(WHO_COOKIE, default="", salt=WHO_SALT)
    return int(known) if known else None


def remember_user(response: Any, user_id: int) -> None:
    """Let this browser know later whose form it was."""
    response.set_signed_cookie(
        WHO_COOKIE,
        str(user_id),
        salt=WHO_SALT,
        max_age=settings.SESSION_COOKIE_AGE * 2,
        path="/admin/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

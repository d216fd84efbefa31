"""What lies in the mailboxes of a test, and the links in it."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail

from accounts.passwords.tasks import send_links


def delivered() -> list[Any]:
    """Have the worker send what waits; return every mail of the test so far."""
    send_links()
    return list(mail.outbox)


def token_in(letter: Any) -> str:
    """The token of the link in a mail; text and HTML show the same one."""
    (text,) = re.findall(r"https?://\S+/account/\w+/([\w-]+)", letter.body)
    html = letter.alternatives[0][0]
    assert f"/{text}" in html
    return str(text)

"""Mails to one person, as text and as HTML, in their language."""

from __future__ import annotations

from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import override

LONGEST_NAME = 100


def write_letter(
    *,
    to: str,
    subject: Any,
    template: str,
    language: str,
    sender: str = "",
    answers_to: str = "",
    headers: dict[str, str] | None = None,
    **context: Any,
) -> EmailMultiAlternatives:
    """Return a mail that is ready to be sent.

    :param subject: may be lazy (gettext_lazy, format_lazy); line breaks in it become blanks.
    :param template: `app/name` of the templates `app/name.txt` and `app/name.html`.
    :param sender: the name that it comes from, at our address; "" is our own name.
    :param answers_to: name and address (named_address) for answers; "" is the sender's.
    """
    with override(language):
        title = one_line(str(subject))
        given = {**context, "subject": title, "language": language}
        letter = EmailMultiAlternatives(
            title,
            render_to_string(f"{template}.txt", given),
            from_email=named_address(sender, own_address()) if sender else None,
            to=[to],
            reply_to=[answers_to] if answers_to else None,
            headers=headers,
        )
        letter.attach_alternative(render_to_string(f"{template}.html", given), "text/html")
    return letter


def one_line(text: str) -> str:
    """Return a text for a header: one line of what can be seen, whatever was typed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def named_address(name: str, address: str) -> str:
    """Return "name" <address>, as a header has it.

    :raises ValueError: it is no address.
    """
    return str(Address(one_line(name)[:LONGEST_NAME], addr_spec=address))


def own_address() -> str:
    """Return the bare address from which we write."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]

"""Mails to one person, as text and as HTML, in their language."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import override


def write_letter(
    *, to: str, subject: Any, template: str, language: str, **context: Any
) -> EmailMultiAlternatives:
    """Return a mail that is ready to be sent.

    :param subject: may be lazy (gettext_lazy, format_lazy); line breaks in it become blanks.
    :param template: `app/name` of the templates `app/name.txt` and `app/name.html`.
    """
    with override(language):
        title = " ".join(str(subject).split())
        given = {**context, "subject": title, "language": language}
        letter = EmailMultiAlternatives(title, render_to_string(f"{template}.txt", given), to=[to])
        letter.attach_alternative(render_to_string(f"{template}.html", given), "text/html")
    return letter

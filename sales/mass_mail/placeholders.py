"""`{{ first_name }}` in texts: what is known of each person put into them.

There is no logic: no conditions, loops, calls or look-ups, nothing that a text could do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

SLOT = re.compile(r"\{\{\s*(\w+)\s*(?:\|\s*([^{}|]*?)\s*)?\}\}")
FIELDS = {
    "first_name": _("first name"),
    "last_name": _("last name"),
    "name": _("first and last name"),
    "email": _("email"),
    "company_name": _("company"),
    "position": _("position"),
    "city": _("city"),
    "sender": _("your company"),
}
UNSUBSCRIBE = "unsubscribe_url"


class UnknownPlaceholder(ValueError):
    """A text has a placeholder that nothing is put into; the message names it."""


@dataclass(frozen=True)
class Template:
    """A text taken apart: `texts` with one of `slots` (name and default) between any two."""

    texts: tuple[str, ...]
    slots: tuple[tuple[str, str], ...]

    def render(self, values: Mapping[str, str]) -> str:
        """Return the text with values put in; a default where one is empty."""
        parts = [self.texts[0]]
        for (name, default), text in zip(self.slots, self.texts[1:], strict=True):
            parts.append(values[name] or default)
            parts.append(text)
        return "".join(parts)


def compile_text(text: str) -> Template:
    """Take a text apart, once for all whom it goes to."""
    texts, slots, end = [], [], 0
    for slot in SLOT.finditer(text):
        texts.append(text[end : slot.start()])
        slots.append((slot[1], slot[2] or ""))
        end = slot.end()
    return Template((*texts, text[end:]), tuple(slots))


def check_placeholders(text: str, *, with_link: bool = False) -> None:
    """Refuse placeholders that nothing is put into.

    :param with_link: whether the link by which one unsubscribes may stand in it.
    :raises UnknownPlaceholder: naming the first one.
    """
    known = {*FIELDS, *((UNSUBSCRIBE,) if with_link else ())}
    for slot in SLOT.finditer(text):
        if slot[1] not in known:
            raise UnknownPlaceholder(slot[0])
    rest = SLOT.sub("", text)
    if "{{" in rest:
        raise UnknownPlaceholder(rest[rest.index("{{") :][:40])


def rename_slots(text: str, rename: Callable[[str], str], change: Callable[[str], str]) -> str:
    """Return a text whose placeholders have other names, and defaults changed with them."""
    return SLOT.sub(lambda slot: f"{{{{ {rename(slot[1])}|{change(slot[2] or '')} }}}}", text)

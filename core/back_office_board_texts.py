"""What the scripts of a board say, in the language of whoever looks."""

from __future__ import annotations

from django.utils.translation import gettext as _


def board_texts() -> dict[str, str]:
    """Texts by their names; {card}, {column}, {place} and {count} are filled in by the scripts."""
    return {
        "picked": _(
            "{card} is picked up, in {column}. Arrows move it, Space or Enter drops it, Escape "
            "puts it back."
        ),
        "over": _("{column}, place {place} of {count}."),
        "over_plain": _("{column}."),
        "back": _("{card} is back in {column}."),
        "moving": _("{card} goes to {column}…"),
        "moved": _("{card} is in {column} now."),
        "refused": _("{card} stays in {column}: {reason}"),
        "refused_gone": _("{card}: {reason}"),
        "came": _("{card}: somebody moved it to {column}."),
        "gone": _("{card} is not on the board any more."),
        "changes": _("{count} cards were changed by others."),
        "more": _("{count} cards shown in {column}."),
        "expired": _("Your session has ended: sign in again, in another tab, then try again."),
        "offline": _("The server does not answer: what you see may be old."),
        "failed": _("The server did not answer. Try again."),
        "columns": _("The columns have changed: load the page again."),
    }

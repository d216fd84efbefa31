"""What the calendar says when a service refuses, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

TEXTS = {
    "not_found": _("It is not there any more, or you may not see it."),
    "forbidden": _("You may look at this, but not change it."),
    "outdated": _("Somebody has moved or settled it meanwhile. You see now how it is."),
    "cancelled": _("This activity is cancelled."),
    "event_cancelled": _("This event is called off."),
}
OF_FIELDS = {"result": _("The notes have no room for so much.")}


def worded(refusal: DomainError) -> str:
    """Why something was refused."""
    named = [str(OF_FIELDS[name]) for name in refusal.fields or {} if name in OF_FIELDS]
    return " ".join(named) or str(TEXTS.get(refusal.code, refusal.message))

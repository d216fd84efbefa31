"""What providers call a bounce that may not be one tomorrow; anymail does not tell it apart."""

from __future__ import annotations

from typing import Any

# Where it stands in what a provider posts, and the words that mean so there.
SOFT: tuple[tuple[tuple[str, ...], frozenset[Any]], ...] = (
    (("Type",), frozenset({"SoftBounce", "DnsError"})),  # Postmark
    (("bounce", "bounceType"), frozenset({"Transient", "Undetermined"})),  # Amazon SES
    (("event",), frozenset({"soft_bounce", "soft bounce"})),  # Brevo, Mandrill, Mailtrap
    (("data", "type"), frozenset({"soft_bounced"})),  # MailerSend
    (("data", "bounce", "type"), frozenset({"Transient", "Undetermined"})),  # Resend
    (("hard_bounce",), frozenset({False})),  # Mailjet
    (
        ("delivery_info", "delivery_status"),  # Unisender Go
        frozenset({"err_mailbox_full", "err_too_large", "err_unreachable", "err_skip_letter"}),
    ),
)
# Of SparkPost: no such recipient, nobody named, unsubscribed. All others may pass.
SPARKPOST_FOR_GOOD = ("10", "30", "90")


def is_soft(told: Any) -> bool:
    """Whether what a provider posted is of a bounce that may pass."""
    if any(_found(told, path) in words for path, words in SOFT):
        return True
    bounce_class = _found(told, ("msys", "*", "bounce_class"))
    return bounce_class is not None and str(bounce_class) not in SPARKPOST_FOR_GOOD


def _found(told: Any, path: tuple[str, ...]) -> Any:
    """The plain value at a path, "*" being the only key there; None if there is none."""
    for name in path:
        if not isinstance(told, dict):
            return None
        told = next(iter(told.values()), None) if name == "*" else told.get(name)
    return told if isinstance(told, str | int) else None

"""Which bounces are for good, told in each provider's own words."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.test import RequestFactory

from core.tenancy import tenant_scope
from sales.models import SuppressedAddress
from sales.tracking.providers import note_event
from tests.sales.campaigns.campaigns_of import rows, sent, work


def postmark(kind: str, words: str = "") -> dict[str, Any]:
    return {"RecordType": "Bounce", "Type": kind, "Email": "a@x.mx", "Details": words}


def ses(kind: str) -> dict[str, Any]:
    people = [{"emailAddress": "a@x.mx", "diagnosticCode": "smtp; 550 5.1.1 no"}]
    bounce = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": people}
    return {"notificationType": "Bounce", "bounce": bounce}


def sparkpost(number: str) -> dict[str, Any]:
    event = {"type": "bounce", "bounce_class": number, "raw_reason": "550 no"}
    return {"msys": {"message_event": event}}


def mailersend(kind: str) -> dict[str, Any]:
    return {"data": {"type": kind, "morph": {"object": "recipient_bounce", "reason": "no"}}}


def mailjet(error: str, *, is_hard: bool) -> dict[str, Any]:
    return {"event": "bounce", "error": error, "hard_bounce": is_hard, "time": 1}


def resend(kind: str, words: str) -> dict[str, Any]:
    return {"type": "email.bounced", "data": {"bounce": {"type": kind, "message": words}}}


def mandrill(kind: str, words: str) -> dict[str, Any]:
    return {"event": kind, "msg": {"email": "a@x.mx", "diag": words}}


def unisender(why: str) -> dict[str, Any]:
    known = {"delivery_status": why, "destination_response": "550 no"}
    known_of_all = {"email": "a@x.mx", "event_time": "2026-01-01 00:00:00"}
    return {"status": "hard_bounced", "delivery_info": known, **known_of_all}


FULL = "a bounce message because the recipient's inbox was full"
FOR_GOOD = [
    ("brevo", {"event": "hard_bounce", "email": "a@x.mx"}),
    ("brevo", {"event": "invalid_email", "email": "a@x.mx"}),
    ("postmark", postmark("HardBounce")),
    ("amazon_ses", ses("Permanent")),
    ("sparkpost", sparkpost("10")),
    ("mailersend", mailersend("hard_bounced")),
    ("mailjet", mailjet("user unknown", is_hard=True)),
    ("resend", resend("Permanent", "sent a hard bounce message")),
    ("mandrill", mandrill("hard_bounce", "550 5.1.1 nobody at [40.4.12.33]")),
    ("unisender_go", unisender("err_user_unknown")),
]
PASSING = [
    ("brevo", {"event": "soft_bounce", "email": "a@x.mx"}),
    ("brevo", {"event": "hard_bounce", "email": "a@x.mx", "reason": "552 5.2.2 mailbox full"}),
    ("postmark", postmark("SoftBounce")),
    ("amazon_ses", ses("Transient")),
    *(("sparkpost", sparkpost(number)) for number in ("1", "20", "22", "23", "51", "52", "70")),
    ("mailersend", mailersend("soft_bounced")),
    ("mailjet", mailjet("quota exceeded", is_hard=False)),
    ("resend", resend("Transient", FULL)),
    ("mandrill", mandrill("soft_bounce", "smtp;552 5.2.2 Over Quota")),
    ("mandrill", mandrill("hard_bounce", "smtp;550 4.4.7 not reached")),
    ("unisender_go", unisender("err_mailbox_full")),
    ("unisender_go", unisender("err_spam_rejected")),
]


def read(provider: str, raw: dict[str, Any]) -> Any:
    """An event as anymail makes it of what a provider posts; who signed it is no matter here."""
    kind = getattr(import_module(f"anymail.webhooks.{provider}"), VIEWS[provider])
    view = kind.__new__(kind)
    if provider == "amazon_ses":
        return view.esp_to_anymail_events(raw, {})[0]
    if provider == "sparkpost":
        return view.esp_to_anymail_event(*view.unwrap_event(raw))
    if provider == "mandrill":
        return view.mandrill_tracking_to_anymail_event(raw)
    more = (RequestFactory().post("/"),) if provider == "resend" else ()
    return view.esp_to_anymail_event(raw, *more)


VIEWS = {
    "amazon_ses": "AmazonSESTrackingWebhookView",
    "brevo": "BrevoTrackingWebhookView",
    "mailersend": "MailerSendTrackingWebhookView",
    "mailjet": "MailjetTrackingWebhookView",
    "mandrill": "MandrillCombinedWebhookView",
    "postmark": "PostmarkTrackingWebhookView",
    "resend": "ResendTrackingWebhookView",
    "sparkpost": "SparkPostTrackingWebhookView",
    "unisender_go": "UnisenderGoTrackingWebhookView",
}


def tell(letter: Any, provider: str, raw: dict[str, Any], metadata: Any = None) -> None:
    """What comes of an event, once it is known to be the provider's."""
    event = read(provider, raw)
    event.metadata = letter.metadata if metadata is None else metadata
    note_event(None, event, provider)


def addresses(team: Any) -> list[str]:
    with tenant_scope(team.tenant.pk):
        return list(SuppressedAddress.objects.values_list("address", flat=True))


class TestBounce:
    @pytest.mark.parametrize(("provider", "raw"), FOR_GOOD)
    def test_for_good_suppresses_the_address(self, team, provider, raw):
        sent(team, "maria@x.mx")
        tell(work(team)[0], provider, raw)
        assert addresses(team) == ["maria@x.mx"]

    @pytest.mark.parametrize(("provider", "raw"), PASSING)
    def test_that_may_pass_suppresses_nobody(self, team, provider, raw):
        sent(team, "maria@x.mx")
        tell(work(team)[0], provider, raw)
        assert addresses(team) == []
        assert rows(team)[0].bounced_at is None

    @pytest.mark.parametrize("metadata", [["recipient"], "recipient", 5])
    def test_with_strange_words_of_ours_is_nobodys(self, team, metadata):
        sent(team, "maria@x.mx")
        tell(work(team)[0], *FOR_GOOD[0], metadata=metadata)
        assert addresses(team) == []

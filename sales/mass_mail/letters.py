"""The mails of a campaign: its texts are taken apart once, then put together for each person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Any
from urllib.parse import quote

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.tenants.models import Tenant
from core.letters import named_address, one_line, own_address
from sales.mass_mail import links
from sales.mass_mail.cleaning import WEB
from sales.mass_mail.models import Campaign
from sales.mass_mail.people import Person
from sales.mass_mail.placeholders import (
    FIELDS,
    UNSUBSCRIBE,
    Template,
    compile_text,
    rename_slots,
)
from sales.mass_mail.plain import text_of
from sales.mass_mail.way_out import has_way_out

ADDRESS = re.compile(r'(<(?:a|img)\b[^>]*?\s)(href|src)="([^"]*)"')
IN_ADDRESS = "__in_address"
PIXEL, LINK = "pixel_url", "link_{}"
PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"></head><body>'
    "{preheader}{content}{footer}{pixel}</body></html>"
)
HIDDEN = (
    '<div style="display:none;max-height:0;overflow:hidden;opacity:0">{}</div>'  # preheaders are so
)
SEEN = f'<img src="{{{{ {PIXEL} }}}}" width="1" height="1" alt="">'
FOOTER = (
    '<div style="margin-top:32px;font-size:12px;color:#6b7280;text-align:center">{sender}<br>'
    '<a href="{{{{ unsubscribe_url }}}}" style="color:#6b7280">{words}</a></div>'
)
ONE_CLICK = "List-Unsubscribe=One-Click"


@dataclass(frozen=True)
class Mold:
    """A campaign made ready to be mailed. `links` are where its links lead, in their order."""

    subject: Template
    text: Template
    html: Template
    links: tuple[str, ...]
    sender: str
    from_address: str
    reply_to: str
    is_counted: bool  # False: a mail to look at, whose links lead where they say

    def letter_to(self, person: Person) -> EmailMultiAlternatives:
        """Return the mail for one person, ready to be sent.

        :raises ValueError: their address cannot stand in a mail.
        """
        urls = self._urls(person)
        values = {**person.values(), "sender": self.sender}
        shown = {name: escape(value) for name, value in values.items()}
        letter = EmailMultiAlternatives(
            one_line(self.subject.render(values)) or " ",
            self.text.render({**in_addresses(values), **values, **urls}),
            from_email=self.from_address,
            to=[person.email],
            reply_to=[self.reply_to] if self.reply_to else None,
            headers=self._headers(person, urls[UNSUBSCRIBE]),
        )
        html = self.html.render({**in_addresses(values), **shown, **urls})
        letter.attach_alternative(html, "text/html")
        if self.is_counted:  # providers give it back when they tell what became of the mail
            letter.metadata = {"recipient": links.token_of(links.MAIL, person.id)}  # type: ignore[attr-defined]
        return letter

    def _urls(self, person: Person) -> dict[str, str]:
        if not self.is_counted:
            return {UNSUBSCRIBE: links.url_of(links.UNSUBSCRIBE, links.OF_A_TEST)}
        known = {
            UNSUBSCRIBE: _url(links.UNSUBSCRIBE, person.id),
            PIXEL: _url(links.OPEN, person.id),
        }
        for number in range(len(self.links)):
            known[LINK.format(number)] = _url(links.CLICK, person.id, number)
        return known

    def _headers(self, person: Person, unsubscribe_url: str) -> dict[str, str]:
        headers = {"List-Unsubscribe": f"<{unsubscribe_url}>", "List-Unsubscribe-Post": ONE_CLICK}
        if self.is_counted:
            token = links.token_of(links.MAIL, person.id)
            headers["Message-ID"] = f"<{token}@{own_address().rpartition('@')[2]}>"
        return headers


def mold_of(campaign: Campaign, *, is_counted: bool = True) -> Mold:
    """Take a campaign's texts apart, with its tenant's name and the way to unsubscribe."""
    tenant: Tenant = campaign.tenant
    content = _in_addresses(campaign.content)
    found: list[str] = []
    if is_counted:
        content = ADDRESS.sub(lambda match: _counted(match, found), content)
    footer = "" if has_way_out(campaign.content) else _footer(tenant)
    preheader = HIDDEN.format(escape(campaign.preheader)) if campaign.preheader else ""
    page = {"language": tenant.language, "preheader": preheader, "content": content}
    pixel = SEEN if is_counted else ""
    return Mold(
        subject=compile_text(campaign.subject),
        text=compile_text(text_of(content + footer)),
        html=compile_text(_filled(PAGE, {**page, "footer": footer, "pixel": pixel})),
        links=tuple(found),
        sender=tenant.name,
        from_address=named_address(tenant.name, own_address()),
        reply_to=_answers_to(campaign),
        is_counted=is_counted,
    )


def links_of(campaign: Campaign) -> list[str]:
    """Return where the links that are counted lead, in their order; placeholders stand in them."""
    found: list[str] = []
    ADDRESS.sub(lambda match: _counted(match, found), _in_addresses(campaign.content))
    return found


def address_for(link: str, person: Person, sender: str) -> str:
    """Return where a link of a campaign leads one person."""
    return compile_text(link).render(in_addresses({**person.values(), "sender": sender}))


def in_addresses(values: Mapping[str, str]) -> dict[str, str]:
    """Return values as they can stand in an address, under the names that they have there."""
    return {f"{name}{IN_ADDRESS}": quote(value, safe="") for name, value in values.items()}


def _in_addresses(html: str) -> str:
    """Mark the placeholders that stand in addresses."""

    def marked(match: re.Match[str]) -> str:
        before, name, address = match.groups()
        changed = rename_slots(address, _name_in_address, lambda text: quote(unescape(text), ""))
        return f'{before}{name}="{changed}"'

    return ADDRESS.sub(marked, html)


def _name_in_address(name: str) -> str:
    return name if name not in FIELDS else f"{name}{IN_ADDRESS}"


def _counted(match: re.Match[str], found: list[str]) -> str:
    """A link to the web goes by way of us; whatever else stays as it is."""
    before, name, address = match.groups()
    if name != "href" or not WEB.match(address):
        return match[0]
    found.append(unescape(address))
    return f'{before}href="{{{{ {LINK.format(len(found) - 1)} }}}}"'


def _footer(tenant: Tenant) -> str:
    with override(tenant.language):
        words = _("Unsubscribe")
    lines = [escape(line) for line in (tenant.name, tenant.address) if line]
    sender = re.sub(r"\{(?=\{)", "{ ", " · ".join(lines))  # no placeholders in what one is called
    return FOOTER.format(sender=sender, words=words)


def _filled(page: str, parts: Mapping[str, str]) -> str:
    """Put parts together; braces in them mean nothing here."""
    return re.sub(r"\{(\w+)\}", lambda match: parts[match[1]], page)


def _answers_to(campaign: Campaign) -> str:
    """To whom answers go; "" is to whom it comes from."""
    person: Any = campaign.created_by
    if person is None or not person.is_active:
        return ""
    try:
        return named_address(person.name, person.email)
    except ValueError:  # an address that no header takes, as imports may bring them
        return ""


def _url(purpose: str, *numbers: int) -> str:
    return links.url_of(purpose, links.token_of(purpose, *numbers))

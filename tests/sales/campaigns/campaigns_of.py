"""Campaigns for tests: people in a segment, what is mailed to them, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core import mail as outbox
from django.db.models import F
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.models import Contact
from sales.mass_mail.tasks import find_due, send_campaign
from sales.models import Campaign, CampaignRecipient, Segment, SegmentMember
from tests.people import Person, Team

CAMPAIGNS = "/api/v1/campaigns"
HELLO = '<p>Hola {{ first_name|amigo }}, <a href="https://shop.test/sale?a=1&amp;b=2">mira</a></p>'


def people(team: Team, *addresses: str, **columns: Any) -> list[Contact]:
    """Contacts with these addresses, who stand alone."""
    rows = [
        Contact(
            tenant=team.tenant,
            **{"first_name": f"Maria {number}", "last_name": "Lopez", "email": address, **columns},
        )
        for number, address in enumerate(addresses, start=1)
    ]
    with tenant_scope(team.tenant.pk):
        return Contact.objects.bulk_create(rows)


def segment(team: Team, contacts: Iterable[Contact], name: str = "Norte") -> Segment:
    """A static segment with these people."""
    with tenant_scope(team.tenant.pk):
        made = Segment.objects.create(name=name, type="static")
        SegmentMember.objects.bulk_create(
            [SegmentMember(segment=made, contact=each) for each in contacts]
        )
        return made


def campaign(person: Person, **fields: Any) -> dict[str, Any]:
    """A draft that somebody wrote, as it was answered."""
    given = {"name": "Abril", "subject": "Novedades, {{ first_name }}", "content": HELLO, **fields}
    answer = person.post(CAMPAIGNS, given)
    assert answer.status_code == 201, answer.content
    return dict(answer.json()["data"])


def to_send(team: Team, *addresses: str, **fields: Any) -> int:
    """The id of a draft to people with these addresses."""
    wanted = segment(team, people(team, *addresses))
    return int(campaign(team.mona, segment_id=wanted.pk, **fields)["id"])


def act(person: Person, pk: int, name: str, body: Any = None) -> dict[str, Any]:
    """What is answered to something that is done to a campaign."""
    answer = person.post(f"{CAMPAIGNS}/{pk}/{name}", body)
    assert answer.status_code == 200, answer.content
    return dict(answer.json()["data"])


def sent(team: Team, *addresses: str, **fields: Any) -> int:
    """The id of a campaign that was sent to people with these addresses."""
    pk = to_send(team, *addresses, **fields)
    act(team.mona, pk, "send")
    work(team)
    return pk


def work(team: Team) -> list[Any]:
    """What the minute's sweep does; returns every mail of the test so far."""
    for ids in due(team):
        send_campaign(**ids)
    return list(outbox.outbox)


def due(team: Team) -> list[dict[str, Any]]:
    """What the sweep would wake."""
    with tenant_scope(team.tenant.pk):
        return list(find_due())


def shown(person: Person, pk: int) -> dict[str, Any]:
    """A campaign as it is today."""
    return dict(person.get(f"{CAMPAIGNS}/{pk}").json()["data"])


def rows(team: Team, **columns: Any) -> list[CampaignRecipient]:
    """Recipients, by their addresses."""
    with tenant_scope(team.tenant.pk):
        return list(CampaignRecipient.objects.filter(**columns).order_by("address"))


def statuses(team: Team, **columns: Any) -> list[str]:
    """How far each mail came."""
    return [row.status for row in rows(team, **columns)]


def html_of(letter: Any) -> str:
    """The HTML part of a mail."""
    return str(letter.alternatives[0].content)


def links_in(letter: Any) -> dict[str, list[str]]:
    """The paths of our own links in a mail, by their purpose."""
    html = html_of(letter)
    return {kind: re.findall(rf'"https?://[^/"]+(/m/{kind}/[^"]+)"', html) for kind in "ocu"}


def time_passes(team: Team, **delta: float) -> None:
    """All that waits, or is in flight, has waited so much longer."""
    past = timedelta(**delta)
    with tenant_scope(team.tenant.pk):
        waiting = CampaignRecipient.objects.filter(status__in=("queued", "in_flight"))
        waiting.update(due_at=F("due_at") - past)
        Campaign.objects.filter(retry_at__isnull=False).update(retry_at=F("retry_at") - past)
        planned = Campaign.objects.filter(status="scheduled")
        planned.update(scheduled_at=F("scheduled_at") - past)


def later(**delta: float) -> str:
    """A moment to come, as it is sent."""
    return (timezone.now() + timedelta(**delta)).isoformat()

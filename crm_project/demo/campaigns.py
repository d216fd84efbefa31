"""The demo tenants' campaigns: one that was sent, one that will be, one that is being written."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from accounts.users.models import User
from sales.campaigns.services import create_campaign
from sales.mass_mail.finishing import finish_if_done
from sales.mass_mail.freezing import freeze_recipients
from sales.mass_mail.models import Campaign, CampaignRecipient
from sales.mass_mail.services import schedule_campaign
from sales.mass_mail.suppressed import suppress, suppress_by_hand
from sales.segments.models import Segment

NEWS = """
<h1 style="color:#1f3a5f">Hola {{ first_name|qué tal }}</h1>
<p>Este mes abrimos rutas nuevas al norte y bajamos el precio de la guía nacional de 1 kg.</p>
<p><a href="https://envios-demo.test/tarifas">Ver las tarifas</a> o
<a href="https://envios-demo.test/cita?correo={{ email }}">agendar una llamada</a>.</p>
<p>{{ sender }}</p>
"""
SALE = """
<h1 style="color:#1f3a5f">Hot Sale en {{ company_name|su tienda }}</h1>
<p>{{ first_name|Hola }}, prepare sus envíos: los primeros 500 pedidos van con 15 % menos.</p>
<p><a href="https://envios-demo.test/hot-sale">Apartar lugar</a></p>
"""
DRAFT = "<p>Hola {{ first_name }},</p><p>Le compartimos el caso de éxito de…</p>"
BOUNCE = "550 5.1.1 The email account that you tried to reach does not exist"
SENT_BEFORE = timedelta(days=6)
# Of a hundred mails: so many were opened, of these so many clicked.
OPENED, CLICKED = 46, 30
FASTEST, SLOWEST = 2, 60  # hours until a mail is opened


def add_campaigns(*, seed: int, at: datetime, by: User) -> None:
    """Create the campaigns."""
    segments = list(Segment.objects.order_by("pk"))
    texts = {"subject": "{{ first_name|Hola }}, rutas nuevas al norte", "content": NEWS}
    sent = _draft("Boletín del mes", segments[0], by, at - SENT_BEFORE, **texts)
    _pretend_sent(sent, random.Random(seed), at=at - SENT_BEFORE)
    texts = {"subject": "Hot Sale: aparte su lugar", "content": SALE}
    planned = _draft("Hot Sale", segments[1], by, at, preheader="15 % menos", **texts)
    coming = at + timedelta(days=3)
    schedule_campaign(campaign_id=planned.pk, scheduled_at=coming, by=by, at=at)
    _draft("Caso de éxito", segments[-1], by, at, subject="Un caso de éxito", content=DRAFT)
    suppress_by_hand(address="no-escribir@demo.test", note="Lo pidió por teléfono", by=by, at=at)


def _draft(name: str, segment: Segment, by: User, at: datetime, **texts: Any) -> Campaign:
    values = {"name": name, "segment_id": segment.pk, **texts}
    return create_campaign(values=values, by=by, at=at)


def _pretend_sent(campaign: Campaign, dice: random.Random, *, at: datetime) -> None:
    """Make a campaign one that was sent, without a mail to anybody."""
    freeze_recipients(campaign, at=at)
    campaign.status, campaign.started_at = Campaign.Status.SENDING, at
    campaign.save()
    rows = list(CampaignRecipient.objects.filter(campaign=campaign).order_by("pk"))
    for number, row in enumerate(rows):
        _pretend_read(row, dice, at + timedelta(seconds=number))
    columns = ["status", "attempts", "sent_at", "opened_at", "clicked_at"]
    columns += ["unsubscribed_at", "bounced_at", "answer", "answer_status"]
    CampaignRecipient.objects.bulk_update(rows, columns)
    for row in rows:
        reason = "unsubscribed" if row.unsubscribed_at else "bounced" if row.bounced_at else ""
        if reason:
            suppress(address=row.address, reason=reason, campaign_id=campaign.pk)
    finish_if_done(campaign, at=at + timedelta(minutes=len(rows) // 60 + 1))


def _pretend_read(row: CampaignRecipient, dice: random.Random, at: datetime) -> None:
    row.status, row.attempts, row.sent_at = CampaignRecipient.Status.SENT, 1, at
    lot = dice.randrange(100)
    if lot == 99:
        row.status, row.sent_at = CampaignRecipient.Status.FAILED, None
        row.answer, row.answer_status = BOUNCE, 550
    elif lot == 98:
        row.bounced_at, row.answer = at + timedelta(minutes=3), BOUNCE
    elif lot < OPENED:
        hours = FASTEST + (SLOWEST - FASTEST) * dice.random() ** 3
        row.opened_at = at + timedelta(hours=hours)
        if dice.randrange(100) < CLICKED:
            row.clicked_at = row.opened_at + timedelta(minutes=dice.randrange(1, 9))
        elif dice.randrange(100) < 4:
            row.unsubscribed_at = row.opened_at + timedelta(minutes=1)

"""How quickly a campaign is sent when the mail server costs nothing, and in how much memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from django.db import connection
from django.utils import timezone

from accounts.users.models import User
from benchmarks.bench import NOT_SEEDED
from benchmarks.people import MANAGER, find_tenant
from core.embedded.errors import EmbeddedError
from core.embedded.options import ROOT
from core.tenancy import tenant_scope
from sales.campaigns.services import create_campaign
from sales.mass_mail.counting import stats_of
from sales.mass_mail.models import Campaign
from sales.mass_mail.services import LANES, send_campaign
from sales.models import Segment

PER_SECOND, MEGABYTES = 1000, 200
CONTENT = (
    "<h1>Hola {{ first_name|amigo }}</h1><p>Ofertas para {{ company_name|su empresa }}.</p>"
    '<p><a href="https://shop.test/one">Una</a> <a href="https://shop.test/two?c={{ email }}">Dos'
    "</a></p>"
)
PUT_IN = """
    INSERT INTO sales_segmentmember (tenant_id, segment_id, contact_id)
    SELECT tenant_id, %s, id FROM prospects_contact
    WHERE tenant_id = %s AND email > '' AND deleted_at IS NULL ORDER BY id LIMIT %s
"""
# What a worker does, without the queue between: it sends until nothing is left.
WORKER = """
import resource, sys, django
django.setup()
from datetime import timedelta
from django.utils import timezone
from core.audit import acting
from core.tenancy import tenant_scope
from sales.mass_mail.delivering import a_lane, send_for_a_while
tenant_id, campaign_id, lane = map(int, sys.argv[1:])
print("ready", flush=True)
sys.stdin.readline()
with tenant_scope(tenant_id), acting(door="task:benchmark"), a_lane(campaign_id, lane):
    send_for_a_while(campaign_id=campaign_id, until=timezone.now() + timedelta(hours=1))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def report_campaigns(sizes: list[int]) -> None:
    """Send campaigns to so many people, and print how many mails a second that is, and the peak of
    resident memory of a worker.

    :raises EmbeddedError: nothing is seeded, or a worker fails.
    """
    tenant = find_tenant()
    if tenant is None:
        raise EmbeddedError(NOT_SEEDED)
    for size in sizes:
        with tenant_scope(tenant.pk):
            campaign, frozen_in = begin_campaign(tenant.pk, size)
            took, peaks = _work(campaign)
            stats = stats_of([campaign.pk])[campaign.pk]
            segment_id = campaign.segment_id
            Campaign.objects.filter(pk=campaign.pk).delete()
            Segment.objects.filter(pk=segment_id).delete()
        rate, peak = stats["sent"] / took, max(peaks) / 1024
        is_well = rate >= PER_SECOND and peak < MEGABYTES and stats["sent"] == stats["recipients"]
        print(
            f"{stats['recipients']:>9,} people: written down in {frozen_in:,.1f} s, sent in "
            f"{took:,.1f} s, {rate:,.0f} a second by {LANES} workers, peak {peak:,.0f} MB of "
            f"{MEGABYTES} MB each: {'pass' if is_well else 'MISS'}",
            flush=True,
        )


def begin_campaign(tenant_id: int, size: int) -> tuple[Campaign, float]:
    """Put so many people into a segment and begin to send; return how long that took."""
    segment = Segment.objects.create(name="benchmark", type="static")
    with connection.cursor() as cursor:
        cursor.execute(PUT_IN, [segment.pk, tenant_id, size])
    by = User.objects.get(email=MANAGER)
    texts = {"name": "benchmark", "subject": "Hola {{ first_name }}", "content": CONTENT}
    values = {**texts, "segment_id": segment.pk}
    draft = create_campaign(values=values, by=by, at=timezone.now())
    began = time.perf_counter()
    campaign = send_campaign(campaign_id=draft.pk, by=by, at=timezone.now())
    return campaign, time.perf_counter() - began


def _work(campaign: Campaign) -> tuple[float, list[int]]:
    """Let workers send a campaign; return how long it took, and the peaks of their memory."""
    environ = {**os.environ, "CRM_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, *map(str, (campaign.tenant_id, campaign.pk, lane))],
            cwd=ROOT,
            env=environ,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for lane in range(LANES)
    ]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("\n")
        worker.stdin.flush()
    said = [worker.communicate()[0] for worker in workers]
    took = time.perf_counter() - began
    if any(worker.returncode for worker in workers):
        raise EmbeddedError("a worker failed")
    return took, [int(text) for text in said]

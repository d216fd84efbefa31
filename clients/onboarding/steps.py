"""How far a client has come in starting with us: what the data show, and what staff noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from clients.onboarding.models import Onboarding

LABELS: dict[str, Any] = {
    "account_verified": _("Account verified"),
    "fiscal_data": _("Fiscal data"),
    "first_recharge": _("First recharge"),
    "store_connected": _("Store connected"),
    "origin_address": _("Origin address"),
    "first_shipment": _("First shipment"),
    "training": _("Training"),
}
NOTED = {
    "account_verified": "account_verified_at",
    "fiscal_data": "fiscal_data_at",
    "store_connected": "store_connected_at",
    "origin_address": "origin_address_at",
    "training": "training_at",
}  # step → the column in which staff note it; the others follow from the data alone

Step = dict[str, Any]
Facts = Mapping[str, Any]  # a row of for_onboarding()


def steps_of(facts: Facts) -> list[Step]:
    """Return every step: `{key, done, done_at}`. A step is done when data or staff say so.

    `done_at` is when, where that is known: of a tax id nobody knows.
    """
    return [_step(key, facts) for key in LABELS]


def _step(key: str, facts: Facts) -> Step:
    moments = [facts[key], facts[NOTED[key]] if key in NOTED else None]
    done_at = min((moment for moment in moments if moment), default=None)
    return {"key": key, "done": bool(done_at) or is_shown(key, facts), "done_at": done_at}


def is_shown(key: str, facts: Facts) -> bool:
    """Whether the data show that a step is done."""
    return bool(facts["tax_id"]) if key == "fiscal_data" else bool(facts[key])


def onboarding_shape(facts: Facts) -> dict[str, Any]:
    """Return the onboarding of a client as OnboardingSerializer describes it."""
    steps = steps_of(facts)
    done = sum(step["done"] for step in steps)
    status = _status(facts["status"] or "", done)
    moments = [facts["completed_at"]] if facts["completed_at"] else _moments(steps)
    return {
        "status": status,
        "progress": round(100 * done / len(steps)),
        "completed_at": max(moments) if status == Onboarding.Status.COMPLETED else None,
        "steps": steps,
    }


def _status(said: str, done: int) -> str:
    """What staff said, else what the steps say; with every step done it is completed."""
    status = Onboarding.Status
    if done == len(LABELS):
        return status.COMPLETED
    return said or (status.IN_PROGRESS if done else status.PENDING)


def _moments(steps: list[Step]) -> list[datetime]:
    return [step["done_at"] for step in steps if step["done_at"]]

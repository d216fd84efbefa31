"""Proves leads and payload by working them out a second time from the source tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from accounts.tenants.models import Tenant
from analytics.dashboard.asking import ask_for_all
from analytics.dashboard.filters import Filters
from analytics.dashboard.payload import compute_payload
from analytics.dashboard.rates import Rates
from analytics.dashboard.recount import Facts, Tally
from analytics.leads.recount import Recount, card_batches, differences


def find_differences(
    tenant: Tenant,
    *,
    at: datetime,
    questions: Iterable[Filters] = (Filters(),),
    sample: int | None = None,
    on_progress: Callable[[int], object] = lambda cards: None,
) -> Iterator[str]:
    """Yield a line for everything that differs, of the tenant acted for.

    :param questions: the filters for which the payload is compared, too.
    :param sample: compare so many leads drawn at random, and no payload.
    """
    recount, done = Recount(), 0
    facts = Facts.of(tenant, at)
    tallies = [] if sample is not None else [Tally(filters, facts) for filters in questions]
    for ids in card_batches(sample):
        expected = recount.leads_of(ids)
        yield from differences(expected, ids)
        for lead in expected.values():
            for tally in tallies:
                tally.add(lead)
        on_progress(done := done + len(ids))
    for tally in tallies:
        yield from _compare(tenant, tally, at)


def _compare(tenant: Tenant, tally: Tally, at: datetime) -> Iterator[str]:
    asked = ask_for_all(tenant, tally.filters)
    found = compute_payload(asked, at=at, rates=Rates.of_tenant(tenant.currency))
    name = " ".join(f"{key}={value}" for key, value in tally.filters.as_query().items())
    yield from _differing(name or "all time", without_links(found), tally.payload())


def without_links(part: Any) -> Any:
    """A payload without its rows_url."""
    if isinstance(part, dict):
        return {key: without_links(value) for key, value in part.items() if key != "rows_url"}
    return [without_links(entry) for entry in part] if isinstance(part, list) else part


def _differing(where: str, found: Any, wanted: Any) -> Iterator[str]:
    """Say where two payloads differ, as deep inside as can be told."""
    if isinstance(found, dict) and isinstance(wanted, dict) and found.keys() == wanted.keys():
        for key in wanted:
            yield from _differing(f"{where}.{key}", found[key], wanted[key])
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for number, pair in enumerate(zip(found, wanted, strict=True)):
            yield from _differing(f"{where}[{number}]", *pair)
    elif found != wanted:
        yield f"{where} is {found!r} instead of {wanted!r}"

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction

from accounts.webhooks.addresses import read_url
from accounts.webhooks.client import new_secret
from accounts.webhooks.events import known_events
from accounts.webhooks.models import LONGEST_URL, WebhookEndpoint
from core.errors import DomainError, InvalidInput, NotFound
from core.models import tenant_of_written_row
from core.values import InvalidValue

MOST_ENDPOINTS = 20  # of a tenant: each is told of everything that it wants


class TooManyWebhooks(DomainError):
    """The tenant has as many endpoints as it may have."""

    code = "too_many_webhooks"


@transaction.atomic
def create_endpoint(
    *, url: Any, events: Collection[str], is_active: bool = True
) -> WebhookEndpoint:
    """Create an endpoint with a secret of its own.

    :raises InvalidInput: the address is not public, or an event is unknown.
    :raises TooManyWebhooks: there are twenty already.
    """
    tenant_id = tenant_of_written_row(None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM accounts_tenant WHERE id = %s FOR UPDATE", [tenant_id])
    if WebhookEndpoint.objects.count() >= MOST_ENDPOINTS:
        raise TooManyWebhooks(f"A tenant has at most {MOST_ENDPOINTS} webhooks.")
    made: WebhookEndpoint = WebhookEndpoint.objects.create(
        url=_url(url), events=_events(events), is_active=is_active, secret=new_secret()
    )
    return made


@transaction.atomic
def edit_endpoint(
    *,
    endpoint_id: int,
    url: Any = None,
    events: Collection[str] | None = None,
    is_active: bool | None = None,
) -> WebhookEndpoint:
    """Change an endpoint; None leaves what it is. Activating it forgets that it failed.

    :raises NotFound: there is no such endpoint.
    :raises InvalidInput: as for create_endpoint.
    """
    endpoint = _lock(endpoint_id)
    if url is not None:
        endpoint.url = _url(url)
    if events is not None:
        endpoint.events = _events(events)
    if is_active is not None:
        endpoint.failing_since = None if is_active else endpoint.failing_since
        endpoint.is_active = is_active
    endpoint.save(update_fields=["url", "events", "is_active", "failing_since"])
    return endpoint


@transaction.atomic
def renew_secret(*, endpoint_id: int) -> WebhookEndpoint:
    """Give an endpoint a new secret; from now on nothing is signed with the old one.

    :raises NotFound: there is no such endpoint.
    """
    endpoint = _lock(endpoint_id)
    endpoint.secret = new_secret()
    endpoint.save(update_fields=["secret"])
    return endpoint


def _lock(endpoint_id: int) -> WebhookEndpoint:
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NotFound("There is no such webhook.")
    found: WebhookEndpoint = endpoint
    return found


def _url(value: Any) -> str:
    try:
        return read_url(value, LONGEST_URL)
    except InvalidValue as error:
        raise InvalidInput.of("url", f"It {error}.") from error


def _events(names: Collection[str]) -> list[str]:
    unknown = sorted(set(names) - known_events().keys())
    if unknown or not names:
        raise InvalidInput.of("events", f"Unknown: {unknown[0]}." if unknown else "Name one.")
    return sorted(set(names))

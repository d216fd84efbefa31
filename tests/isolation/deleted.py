"""How rows go: each by its own route, or with what they hang on."""

from __future__ import annotations

from typing import Any

from clients.models import Integration
from core.tenancy import tenant_scope
from prospects.models import Contact, Location
from tests.people import Team

# name of the row → the route that deletes it
ITSELF = {
    "client": "/api/v1/companies/{client}",
    "company": "/api/v1/companies/{company}",
    "integration": "/clients/integrations/{integration}",
    "form": "/api/v1/forms/{form}",
    "webhook": "/api/v1/webhooks/{webhook}",
    "told": "/api/v1/webhooks/{told}",
    "prospect": "/prospects/{prospect}",
    "partner": "/prospects/{partner}",
    "shared": "/prospects/{shared}",
    "merged_into": "/prospects/{merged_into}",
    "contact": "/api/v1/contacts/{contact}",
    "location": "/prospects/locations/{location}",
    "client_location": "/clients/locations/{client_location}",
    "product": "/api/v1/products/{product}",
    "pictured": "/api/v1/products/{pictured}",
    "product_category": "/api/v1/product-categories/{product_category}",
    "pipeline": "/api/v1/pipelines/{pipeline}",
    "stage": "/api/v1/pipelines/{only_pipeline}/stages/{stage}",
    "event": "/api/v1/events/{event}",
    "attendee": "/api/v1/events/{event}/attendees/{attendee}",
    "activity": "/api/v1/activities/{activity}",
    "segment": "/api/v1/segments/{segment}",
    "static_segment": "/api/v1/segments/{static_segment}",
    "deal": "/api/v1/deals/{deal}",
    "quote": "/api/v1/quotes/{quote}",
    "invoice": "/api/v1/invoices/{invoice}",
    "contract": "/api/v1/contracts/{contract}",
    "payment": "/api/v1/payments/{payment}",
    "campaign": "/api/v1/campaigns/{campaign}",
    "full_campaign": "/api/v1/campaigns/{full_campaign}",
}
NEVER = {
    "user": "People who leave are inactive.",
    "invited": "The same.",
    "import": "An import is the record of what came.",
    "notice": "Nobody deletes what they were told; it is swept after a while.",
    "only_pipeline": "A tenant has one at least.",
    "sent_quote": "What was sent stays.",
    "sending": "What is being sent stays.",
    "paused": "The same.",
}
# What goes with the row it hangs on: the route that deletes that one.
WITH_ITS_HOLDER: dict[str, str | tuple[Any, str]] = {
    "contact": (Contact, "/prospects/{0.prospect_id}"),
    "location": (Location, "/prospects/{0.prospect_id}"),
    "client_location": (Location, "/api/v1/companies/{0.prospect.company.pk}"),
    "integration": (Integration, "/api/v1/companies/{0.company_id}"),
    "note": "/prospects/{prospect}",
    "attendee": "/api/v1/events/{event}",
    "delivery": "/api/v1/webhooks/{told}",
}


def delete_each(team: Team, rows: dict[str, Any]) -> dict[str, Any]:
    """Delete all rows that can be; return their ids by name."""
    attendees_first = sorted(ITSELF, key=lambda name: name != "attendee")
    for name in attendees_first:
        _delete(team, ITSELF[name].format(**rows))
    return {name: rows[name] for name in ITSELF}


def delete_holders(team: Team, rows: dict[str, Any]) -> dict[str, Any]:
    """Delete what rows hang on; return the ids of those that hang, by name."""
    routes = set()
    for name, how in WITH_ITS_HOLDER.items():
        if isinstance(how, str):
            routes.add(how.format(**rows))
        else:
            model, route = how
            with tenant_scope(team.tenant.pk):
                routes.add(route.format(model.objects.get(pk=rows[name])))
    for route in sorted(routes):
        _delete(team, route)
    return {name: rows[name] for name in WITH_ITS_HOLDER}


def _delete(team: Team, route: str) -> None:
    answer = team.ada.delete(route)
    assert answer.status_code == 200, (route, answer.content)

"""Who may do what: every route of the product, tried by every kind of caller.

A route that has no line here fails the test, so does a line whose route is gone. To add a route:
a line with its method, its path (each `{name}` is made for the test by PLACES) and the status that
each role gets. `outsider` is the admin of another tenant, `stranger` sends no token.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Notification, Picture, WebhookDelivery
from accounts.notifications.services import Notice, notify_users
from accounts.passwords.services import invite_user
from accounts.webhooks.outbox import emit
from accounts.webhooks.services import create_endpoint
from clients.merging.services import merge_prospects
from clients.models import Company
from core.tenancy import tenant_scope
from prospects.card_contacts.services import add_contact
from prospects.followups.services import add_note
from prospects.locations.services import add_location
from prospects.models import Location, PartnerOrigin, PartnerType, Prospect
from prospects.sharing.services import share_prospect
from sales.models import Event
from tests.clients.clients_of import client, integration
from tests.people import PASSWORD, Team
from tests.prospects.cards_of import card
from tests.prospects.imports.plans import plan
from tests.sales.activities.activities_of import activity
from tests.sales.campaigns.campaigns_of import act, campaign, later, to_send
from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import another_pipeline, deal, pipeline, stage
from tests.sales.documents.documents_of import (
    HOURS,
    contract,
    invoice,
    made,
    pay,
    quote,
    sent_invoice,
    sent_quote,
)
from tests.sales.events.events_of import add, event, soon
from tests.sales.forms.forms_of import web_form
from tests.sales.products.test_products import picture, product, upload
from tests.sales.segments.segments_of import segment

METHODS = ("get", "post", "put", "patch", "delete")
# What is made for a path or body: every name holds "acme", which no outsider may ever read.
PLACES: dict[str, Callable[[Team], Any]] = {
    "client": lambda team: client(team, owner=team.alice, company_name="acme's secret").pk,
    "integration": lambda team: integration(team, client(team, owner=team.alice)).pk,
    "user": lambda team: team.bob.id,
    "token": lambda team: "nobody-has-this",
    "postal_code": lambda team: "64000",
    "form": lambda team: web_form(team.mona, name="acme's form")["id"],
    "form_key": lambda team: web_form(team.mona, name="acme's form")["api_key"],
    "picture": lambda team: _picture(team),
    "webhook": lambda team: _webhook(team),
    "told": lambda team: _webhook(team, with_delivery=True),
    "delivery": lambda team: _newest_delivery(team),
    "invited": lambda team: _invited(team),
    "prospect": lambda team: card(team, owner=team.alice, company_name="acme's secret").pk,
    "contact": lambda team: _second_person(card(team, owner=team.alice, name="acme's own")),
    "partner": lambda team: card(team, owner=team.alice, company_name="acme's friend", type=3).pk,
    "location": lambda team: place_of(team).pk,
    "client_location": lambda team: place_of(team, is_client=True).pk,
    "company": lambda team: place_of(team, is_client=True).prospect.company.pk,
    "shared": lambda team: shared_card(team).pk,
    "import": lambda team: _planned_import(team),
    "notice": lambda team: _notice(team),
    "merged_into": lambda team: _merged_cards(team),
    "note": lambda team: _note_on_the_newest_card(team),
    "product": lambda team: product(team.ada, name="acme's product")["id"],
    "pictured": lambda team: _pictured(team),
    "product_category": lambda team: _product_category(team),
    "pipeline": lambda team: another_pipeline(team, "acme's own")["id"],
    "only_pipeline": lambda team: pipeline(team).pk,
    "stage": lambda team: _empty_stage(team),
    "event": lambda team: event(team.alice, title="acme's party")["id"],
    "attendee": lambda team: _on_the_newest_list(team),
    "activity": lambda team: activity(team.alice, subject="acme's call")["id"],
    "segment": lambda team: segment(team, name="acme's own")["id"],
    "static_segment": lambda team: segment(team, name="acme's own", type="static")["id"],
    "deal": lambda team: deal(team, team.alice, name="acme's deal")["id"],
    "quote": lambda team: quote(team.alice, title="acme's offer")["id"],
    "sent_quote": lambda team: sent_quote(team.alice, title="acme's offer")["id"],
    "invoice": lambda team: _of_alice(team, invoice, title="acme's bill"),
    "contract": lambda team: _of_alice(team, contract, title="acme's contract"),
    "payment": lambda team: _payment(team),
    "campaign": lambda team: campaign(team.mona, name="acme's news")["id"],
    "full_campaign": lambda team: to_send(team, "one@acme.test", name="acme's news"),
    "sending": lambda team: _sending(team),
    "paused": lambda team: _sending(team, is_paused=True),
}


def _pictured(team: Team) -> int:
    made = product(team.ada)["id"]
    assert upload(team.ada, made, picture()).status_code == 200
    return made


def _product_category(team: Team) -> int:
    made = team.ada.post("/api/v1/product-categories", {"name": "acme's shelf"})
    return made.json()["data"]["id"]


def _empty_stage(team: Team) -> int:
    stages = f"/api/v1/pipelines/{pipeline(team).pk}/stages"
    return team.ada.post(stages, {"name": "acme's stage"}).json()["data"]["id"]


def _of_alice(team: Team, make: Any, **fields: Any) -> int:
    """A document of Alice's that the manager made: salespeople only look at these."""
    return make(team.mona, owner_id=team.alice.id, **fields)["id"]


def _sending(team: Team, *, is_paused: bool = False) -> int:
    pk = to_send(team, "one@acme.test", name="acme's news")
    act(team.mona, pk, "send")
    if is_paused:
        act(team.mona, pk, "pause")
    return pk


def _payment(team: Team) -> int:
    bill = sent_invoice(team.mona, owner_id=team.alice.id)["id"]
    return made(pay(team.mona, bill, 5, reference="acme's transfer"))["id"]


def new_document(team: Team) -> dict[str, Any]:
    return {"contact_id": contact(team.alice)["id"], "title": "New", "items": [HOURS]}


def new_payment(team: Team) -> dict[str, Any]:
    return {"invoice_id": sent_invoice(team.mona, owner_id=team.alice.id)["id"], "amount": 5}


def new_event(team: Team) -> dict[str, Any]:
    return {"title": "New", "type": "x", "start_at": soon(days=1), "end_at": soon(days=2)}


def new_attendee(team: Team) -> dict[str, Any]:
    return {"user_id": team.bob.id}


def _on_the_newest_list(team: Team) -> int:
    with tenant_scope(team.tenant.pk):
        newest = Event.objects.latest("pk").pk
    return add(team.alice, newest, user_id=team.victor.id)["id"]


def new_deal(team: Team) -> dict[str, Any]:
    where = stage(team)
    return {"name": "New", "pipeline_id": where.pipeline_id, "stage_id": where.pk}


def place_of(team: Team, *, is_client: bool = False) -> Location:
    made = card(team, owner=team.alice, company_name="acme's own")
    with tenant_scope(team.tenant.pk):
        if is_client:
            Company.objects.create(prospect=made)
        return add_location(prospect_id=made.pk, values={**PLACE, "name": "acme's place"})


def _planned_import(team: Team) -> int:
    with tenant_scope(team.tenant.pk):
        return plan("company\nacme's secret\n", by=team.mona.user).pk


def another_card(team: Team) -> dict[str, Any]:
    return {"from_id": card(team, owner=team.alice, company_name="acme's twin").pk}


def _merged_cards(team: Team) -> int:
    kept, gone = (card(team, owner=team.alice, company_name="acme's secret") for _ in "ab")
    with tenant_scope(team.tenant.pk):
        asked = {"prospect_id": kept.pk, "from_id": gone.pk, "fields": {}}
        merge_prospects(**asked, by=team.alice.user, at=timezone.now())
    return kept.pk


def shared_card(team: Team) -> Prospect:
    made = card(team, owner=team.alice, company_name="acme's secret")
    with tenant_scope(team.tenant.pk):
        share_prospect(prospect_id=made.pk, user_id=team.bob.id, level="view", by=team.alice.user)
    return made


def _invited(team: Team) -> int:
    given = {"name": "Ivy", "email": f"ivy@{team.tenant.slug}.test", "role": "sales"}
    with tenant_scope(team.tenant.pk):
        return invite_user(by=team.ada.user, at=timezone.now(), **given).pk


def _webhook(team: Team, *, with_delivery: bool = False) -> int:
    with tenant_scope(team.tenant.pk):
        made = create_endpoint(**NEW_WEBHOOK).pk
        if with_delivery:
            emit({"contact.created": lambda: [{"id": 1, "name": "acme's"}]})
        return made


def _newest_delivery(team: Team) -> int:
    with tenant_scope(team.tenant.pk):
        return WebhookDelivery.objects.latest("pk").pk


def _picture(team: Team) -> Any:
    with tenant_scope(team.tenant.pk):
        return Picture.objects.create(content=b"acme").pk


def _notice(team: Team) -> int:
    notice = Notice(team.alice.id, type="told", key="x", title="acme's", body="", url="/")
    with tenant_scope(team.tenant.pk):
        notify_users([notice])
        return Notification.objects.latest("pk").pk


ROLES = ("admin", "manager", "sales", "colleague", "viewer")


def _second_person(prospect: Any) -> int:
    values = {"first_name": "acme's secretary"}
    with tenant_scope(prospect.tenant_id):
        return add_contact(
            prospect_id=prospect.pk, values=values, by=prospect.owner, at=timezone.now()
        ).pk


def _note_on_the_newest_card(team: Team) -> int:
    with tenant_scope(team.tenant.pk):
        newest = Prospect.objects.latest("pk").pk
        return add_note(prospect_id=newest, note="acme's", by=None, at=timezone.now()).pk


def everybody(status: int = 200) -> dict[str, int]:
    """Every role gets the same."""
    return dict.fromkeys(ROLES, status)


def owners(status: int = 200) -> dict[str, int]:
    """Who sees Alice's card and may change it: not her colleague, and the viewer only looks."""
    return everybody(status) | {"colleague": 404, "viewer": 403}


def deleters(status: int = 200) -> dict[str, int]:
    """As owners(), but sales people delete nothing."""
    return owners(status) | {"sales": 403, "colleague": 403}


def managers(status: int = 200) -> dict[str, int]:
    """Who writes what all share: sales people and viewers look only."""
    return everybody(403) | {"admin": status, "manager": status}


def changers(status: int = 200) -> dict[str, int]:
    """Who writes what salespeople share: viewers look only."""
    return everybody(status) | {"viewer": 403}


def writers(status: int = 200) -> dict[str, int]:
    """As owners(), of what salespeople only look at."""
    return deleters(status)


@dataclass(frozen=True)
class Line:
    """One route and the status that each kind of caller gets."""

    method: str
    path: str
    roles: dict[str, int] = field(default_factory=everybody)
    outsider: int = 404
    stranger: int = 401
    body: Any = None  # or a function that makes it from the team

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def public(method: str, path: str, status: int = 200, body: Any = None) -> Line:
    """A route that needs no token and looks at none."""
    return Line(method, path, everybody(status), outsider=status, stranger=status, body=body)


REGISTRATION = {
    "name": "New",
    "email": "new@new.test",
    "password": PASSWORD,
    "password_confirmation": PASSWORD,
    "tenant_name": "New",
}
NO_CONTACTS: dict[str, Any] = {"contact_ids": []}
NEW_WEBHOOK = {"url": "https://hooks.acme.test/", "events": ["contact.created"]}
A_WEBHOOK = {**NEW_WEBHOOK, "url": "https://hooks.new.test/"}
NEW_PASSWORD = {"password": "another long secret", "password_confirmation": "another long secret"}
CHANGED_PASSWORD = {"current_password": PASSWORD, **NEW_PASSWORD}
INVITED = {"name": "New", "email": "invited@new.test", "role": "sales"}
ADMINS = everybody(403) | {"admin": 200}
NEW_CARD = [{"name": "New Person", "email": "new@person.test"}]
NEW_CONTACT = {
    "name": "New Person",
    "email": "new@person.test",
    "phone_code": "52",
    "phone": "5559876543",
}
COMES = {"status": "accepted"}
NEW_ACTIVITY = {"subject": "New", "type": "task"}
NEW_PRODUCT = {"name": "New", "unit_price": 10}
VISITOR = {"first_name": "New", "email": "new@visitor.test"}
NEW_LEAD = {"first_name": "New", "emails": [{"email": "new@person.test"}]}

PLACE = {"name": "Main Office", "link": "https://maps.google.com/?q=1", "type": "office"}


def partner_data(team: Team) -> dict[str, Any]:
    with tenant_scope(team.tenant.pk):
        return {
            "url": "https://partner.example",
            "partner_type_id": PartnerType.objects.first().pk,
            "partner_origin_id": PartnerOrigin.objects.first().pk,
            "rating": 4,
            "locale_id": 1,
        }


def partners() -> dict[str, int]:
    """Who holds crm-partners: no sales people."""
    return everybody(403) | {"admin": 200, "manager": 200}


# Bob may look at a card of Alice's by a share.
LOOKS_ON = {"colleague": 403, "viewer": 403}


def share_with_bob(team: Team) -> dict[str, Any]:
    return {"user_id": team.bob.id, "permission": "view"}


NO_IMPORTS = {"sales": 403, "colleague": 403, "viewer": 403}
OTHERS_IMPORT = {"sales": 404, "colleague": 404}
TABLE = [
    # Everybody's
    public("get", "/", 302),
    public("get", "/favicon.ico", 302),
    public("get", "/mcp", 405),  # posts: tests/mcp
    public("get", "/healthz"),
    public("get", "/readyz"),
    public("get", "/metrics"),
    public("get", "/api/schema"),
    public("get", "/api/docs"),
    public("get", "/api/copomex/{postal_code}"),
    # accounts
    public("post", "/api/v1/auth/login", body={"email": "alice@acme.test", "password": PASSWORD}),
    public("post", "/api/v1/auth/register", 201, REGISTRATION),
    public("post", "/api/v1/auth/refresh", body=lambda team: {"refresh_token": team.bob.refresh}),
    Line("post", "/api/v1/auth/logout", outsider=200),
    Line("get", "/api/v1/auth/me", outsider=200),
    public("post", "/api/v1/auth/forgot-password", body={"email": "alice@acme.test"}),
    public("post", "/api/v1/auth/reset-password", 422, {"token": "x", **NEW_PASSWORD}),
    public("post", "/api/v1/auth/accept-invitation", 422, {"token": "x", **NEW_PASSWORD}),
    Line("post", "/api/v1/auth/change-password", outsider=200, body=CHANGED_PASSWORD),
    Line("put", "/api/v1/auth/me", outsider=200, body={"name": "Changed"}),
    Line("put", "/api/v1/auth/me/avatar", everybody(422), outsider=422, body={}),
    Line("delete", "/api/v1/auth/me/avatar", outsider=200),
    Line("get", "/api/v1/tenant", outsider=200),
    Line("put", "/api/v1/tenant", ADMINS, outsider=200, body={"tax_id": "XAXX010101000"}),
    Line("put", "/api/v1/tenant/logo", everybody(403) | {"admin": 422}, outsider=422, body={}),
    Line("delete", "/api/v1/tenant/logo", ADMINS, outsider=200),
    Line("post", "/api/v1/users/{user}/deactivate", ADMINS),
    Line("get", "/api/v1/webhooks", ADMINS, outsider=200),
    Line("get", "/api/v1/webhooks/events", ADMINS, outsider=200),
    Line("post", "/api/v1/webhooks", ADMINS | {"admin": 201}, outsider=201, body=A_WEBHOOK),
    Line("get", "/api/v1/webhooks/{webhook}", ADMINS),
    Line("put", "/api/v1/webhooks/{webhook}", ADMINS, body={"is_active": False}),
    Line("delete", "/api/v1/webhooks/{webhook}", ADMINS),
    Line("post", "/api/v1/webhooks/{webhook}/secret", ADMINS),
    Line("get", "/api/v1/webhooks/{webhook}/deliveries", ADMINS),
    Line("post", "/api/v1/webhooks/{told}/deliveries/{delivery}/replay", ADMINS),
    public("get", "/storage/pictures/{picture}.webp"),
    public("get", "/e/{token}", 404),
    public("get", "/e/{token}/answer", 405),
    public("get", "/e/{token}/event.ics", 404),
    public("get", "/d/{token}", 404),
    public("get", "/d/{token}/pdf", 404),
    public("get", "/d/{token}/approve", 405),
    public("get", "/d/{token}/reject", 405),
    public("get", "/d/{token}/sign", 405),
    public("get", "/m/o/{token}", 404),
    public("get", "/m/c/{token}", 404),
    public("get", "/m/u/{token}", 404),
    public("get", "/anymail/{token}", 404),
    public("get", "/account/forgot-password"),
    public("get", "/account/reset/{token}", 404),
    public("get", "/account/invitation/{token}", 404),
    Line("post", "/api/v1/users/invite", ADMINS | {"admin": 201}, outsider=201, body=INVITED),
    Line("post", "/api/v1/users/{invited}/invite", ADMINS),
    Line("get", "/api/v1/users", outsider=200),
    Line("get", "/api/v1/users/{user}"),
    Line("get", "/api/v1/notifications", outsider=200),
    Line("post", "/api/v1/notifications/read-all", outsider=200),
    Line("post", "/api/v1/notifications/{notice}/read", everybody(404) | {"sales": 200}),
    # prospects
    Line("get", "/prospects/list", outsider=200),
    Line("get", "/prospects/grouped", outsider=200),
    Line("get", "/prospects/kpis", outsider=200),
    Line("get", "/prospects/catalogs", outsider=200),
    Line("post", "/prospects/process", outsider=200, body=NEW_CARD),
    Line("post", "/prospects", everybody() | {"viewer": 403}, outsider=200, body=NEW_CARD),
    Line("get", "/prospects/imports", outsider=200),
    Line("post", "/prospects/imports", everybody(400) | NO_IMPORTS, outsider=400),
    Line("get", "/prospects/imports/{import}", everybody() | OTHERS_IMPORT),
    Line("get", "/prospects/imports/{import}/rows", everybody() | OTHERS_IMPORT),
    Line("get", "/prospects/imports/{import}/rejected.csv", everybody() | OTHERS_IMPORT),
    Line("post", "/prospects/imports/{import}/apply", everybody() | NO_IMPORTS),
    Line("post", "/prospects/imports/{import}/undo", everybody(409) | NO_IMPORTS),
    Line("get", "/prospects/{prospect}", everybody() | {"colleague": 404}),
    Line("patch", "/prospects/{prospect}", owners(), body={"name": "Changed"}),
    Line("delete", "/prospects/{prospect}", deleters()),
    Line("patch", "/prospects/{prospect}/data", owners(), body={"channel": "web"}),
    Line("post", "/prospects/{prospect}/notes", owners(), body={"action": "call", "note": "Hi"}),
    Line("get", "/prospects/activities?startDate=2026-03-01&endDate=2026-03-31", outsider=200),
    Line(
        "patch",
        "/prospects/{prospect}/notes/{note}",
        owners(),
        body={"scheduled_date": None, "origin": "prospect"},
    ),
    Line("post", "/prospects/{prospect}/contacts", owners(), body=NEW_CONTACT),
    Line("put", "/prospects/{contact}/contacts", owners(), body={"name": "Changed"}),
    Line("delete", "/prospects/{contact}/contacts", deleters()),
    Line("patch", "/prospects/{partner}/partner-data", partners(), body=partner_data),
    Line("post", "/prospects/{prospect}/locations", owners(), body=PLACE),
    Line("put", "/prospects/locations/{location}", owners(), body={"name": "Changed"}),
    Line("delete", "/prospects/locations/{location}", deleters()),
    Line("get", "/prospects/{prospect}/access", everybody() | {"colleague": 404}),
    Line("get", "/prospects/{prospect}/shares", everybody() | {"colleague": 404}),
    Line("post", "/prospects/{prospect}/shares", owners(), body=share_with_bob),
    Line("delete", "/prospects/{shared}/shares/{user}", everybody() | LOOKS_ON),
    Line("get", "/prospects/{prospect}/duplicates", everybody() | {"colleague": 404}),
    Line("post", "/prospects/{prospect}/merge", owners(), body=another_card),
    Line("post", "/prospects/{merged_into}/unmerge", owners(), body={}),
    # sales
    Line("get", "/api/v1/contacts", outsider=200),
    Line("post", "/api/v1/contacts", everybody(201) | {"viewer": 403}, 201, body=NEW_LEAD),
    Line("get", "/api/v1/contacts/{contact}", everybody() | {"colleague": 404}),
    Line("put", "/api/v1/contacts/{contact}", owners(), body={"city": "León"}),
    Line("delete", "/api/v1/contacts/{contact}", deleters()),
    Line("get", "/api/v1/products", outsider=200),
    Line("post", "/api/v1/products", managers(201), 201, body=NEW_PRODUCT),
    Line("get", "/api/v1/products/{product}"),
    Line("put", "/api/v1/products/{product}", managers(), body={"name": "Changed"}),
    Line("delete", "/api/v1/products/{product}", managers()),
    Line("get", "/api/v1/products/{pictured}/image"),
    Line("put", "/api/v1/products/{product}/image", managers(422)),
    Line("delete", "/api/v1/products/{pictured}/image", managers()),
    Line("get", "/api/v1/product-categories", outsider=200),
    Line("post", "/api/v1/product-categories", managers(201), 201, body={"name": "New"}),
    Line("put", "/api/v1/product-categories/{product_category}", managers(), body={"name": "X"}),
    Line("delete", "/api/v1/product-categories/{product_category}", managers()),
    Line("get", "/api/v1/pipelines", outsider=200),
    Line("post", "/api/v1/pipelines", managers(201), 201, body={"name": "New"}),
    Line("get", "/api/v1/pipelines/{pipeline}"),
    Line("put", "/api/v1/pipelines/{pipeline}", managers(), body={"name": "Changed"}),
    Line("delete", "/api/v1/pipelines/{pipeline}", managers()),
    Line("post", "/api/v1/pipelines/{pipeline}/stages", managers(201), body={"name": "New"}),
    Line("put", "/api/v1/pipelines/{only_pipeline}/stages/{stage}", managers(), body={"name": "X"}),
    Line("delete", "/api/v1/pipelines/{only_pipeline}/stages/{stage}", managers()),
    Line("get", "/api/v1/dashboard/stats", outsider=200),
    Line("get", "/api/v1/deals", outsider=200),
    Line("get", "/api/v1/deals/board", outsider=200),
    Line(
        "post",
        "/api/v1/deals",
        everybody(201) | {"viewer": 403},
        outsider=422,
        body=new_deal,
    ),
    Line("get", "/api/v1/deals/{deal}", everybody() | {"colleague": 404}),
    Line("put", "/api/v1/deals/{deal}", owners(), body={"name": "Changed"}),
    Line("delete", "/api/v1/deals/{deal}", deleters()),
    Line(
        "post",
        "/api/v1/deals/{deal}/move-stage",
        owners(),
        body=lambda team: {"stage_id": stage(team, "Ganado").pk},
    ),
    Line("get", "/api/v1/segments", outsider=200),
    Line("post", "/api/v1/segments", managers(201), 201, body={"name": "New", "type": "static"}),
    Line("post", "/api/v1/segments/preview", outsider=200, body={"conditions": []}),
    Line("get", "/api/v1/segments/{segment}"),
    Line("put", "/api/v1/segments/{segment}", managers(), body={"name": "Changed"}),
    Line("delete", "/api/v1/segments/{segment}", managers()),
    Line("get", "/api/v1/segments/{segment}/contacts"),
    Line(
        "post", "/api/v1/segments/{static_segment}/contacts", managers(), body={"contact_ids": []}
    ),
    Line(
        "delete", "/api/v1/segments/{static_segment}/contacts", managers(), body={"contact_ids": []}
    ),
    Line("get", "/api/v1/events", outsider=200),
    Line("post", "/api/v1/events", everybody(201) | {"viewer": 403}, 201, body=new_event),
    Line("get", "/api/v1/events/{event}"),
    Line("put", "/api/v1/events/{event}", changers(), body={"title": "Changed"}),
    Line("delete", "/api/v1/events/{event}", managers()),
    Line("post", "/api/v1/events/{event}/cancel", changers()),
    Line("post", "/api/v1/events/{event}/cancel/tell-again", changers()),
    Line("post", "/api/v1/events/{event}/invite", changers()),
    Line("post", "/api/v1/events/{event}/rsvp", body={"status": "accepted"}),
    Line("get", "/api/v1/events/{event}/attendees"),
    Line("post", "/api/v1/events/{event}/attendees", changers(201), body=new_attendee),
    Line("put", "/api/v1/events/{event}/attendees/{attendee}", changers(), body=COMES),
    Line("delete", "/api/v1/events/{event}/attendees/{attendee}", changers()),
    Line("post", "/api/v1/events/{event}/check-in/{attendee}", changers()),
    Line("get", "/api/v1/activities", outsider=200),
    Line("post", "/api/v1/activities", everybody(201) | {"viewer": 403}, 201, body=NEW_ACTIVITY),
    Line("get", "/api/v1/activities/{activity}", everybody() | {"colleague": 404}),
    Line("put", "/api/v1/activities/{activity}", owners(), body={"subject": "Changed"}),
    Line("post", "/api/v1/activities/{activity}/complete", owners()),
    Line("delete", "/api/v1/activities/{activity}", deleters()),
    # clients
    Line("post", "/clients/{company}/locations", owners(), body=PLACE),
    Line("put", "/clients/locations/{client_location}", owners(), body={"name": "Changed"}),
    Line("delete", "/clients/locations/{client_location}", deleters()),
    Line("get", "/api/v1/contacts/{contact}/notes", everybody() | {"colleague": 404}),
    Line("post", "/api/v1/contacts/{contact}/notes", owners(201), body={"body": "Hi"}),
    Line(
        "post",
        "/clients",
        owners() | {"colleague": 400},
        outsider=400,
        body=lambda team: {"prospect_id": card(team, owner=team.alice).pk},
    ),
    Line("get", "/clients/{client}", everybody() | {"colleague": 404}),
    Line("patch", "/clients/{client}/data", owners(), body={"channel": "web"}),
    Line("post", "/clients/{client}/notes", owners(), body={"action": "call", "note": "Hi"}),
    Line("post", "/clients/{client}/contacts", owners(), body=NEW_CONTACT),
    Line("get", "/clients/{client}/onboarding", everybody() | {"colleague": 404}),
    Line("patch", "/clients/{client}/onboarding", owners(), body={"steps": {"training": True}}),
    Line("post", "/clients/{client}/integrations", owners(), body={"platform": "shopify"}),
    Line("put", "/clients/integrations/{integration}", owners(), body={"name": "Changed"}),
    Line("delete", "/clients/integrations/{integration}", deleters()),
    Line("get", "/api/v1/companies", outsider=200),
    Line("post", "/api/v1/companies", everybody(201) | {"viewer": 403}, 201, body={"name": "New"}),
    Line("get", "/api/v1/companies/{client}", everybody() | {"colleague": 404}),
    Line("put", "/api/v1/companies/{client}", owners(), body={"name": "Changed"}),
    Line("delete", "/api/v1/companies/{client}", deleters()),
    Line("get", "/api/v1/quotes", outsider=200),
    Line(
        "post",
        "/api/v1/quotes",
        everybody(201) | {"viewer": 403, "colleague": 422},
        outsider=422,
        body=new_document,
    ),
    Line("get", "/api/v1/quotes/{quote}", everybody() | {"colleague": 404}),
    Line("put", "/api/v1/quotes/{quote}", owners(), body={"title": "Changed"}),
    Line("delete", "/api/v1/quotes/{quote}", deleters()),
    Line("get", "/api/v1/quotes/{quote}/pdf", everybody() | {"colleague": 404}),
    Line("get", "/api/v1/quotes/{quote}/mails", everybody() | {"colleague": 404}),
    Line("post", "/api/v1/quotes/{quote}/send", owners()),
    Line("get", "/api/v1/campaigns", outsider=200),
    Line("post", "/api/v1/campaigns", managers(201), outsider=201, body={"name": "New"}),
    Line("get", "/api/v1/campaigns/{campaign}"),
    Line("put", "/api/v1/campaigns/{campaign}", managers(), body={"name": "Changed"}),
    Line("delete", "/api/v1/campaigns/{campaign}", managers()),
    Line("get", "/api/v1/campaigns/{sending}/recipients"),
    Line("post", "/api/v1/campaigns/{full_campaign}/send", managers()),
    Line(
        "post",
        "/api/v1/campaigns/{full_campaign}/schedule",
        managers(),
        body=lambda team: {"scheduled_at": later(days=1)},
    ),
    Line("post", "/api/v1/campaigns/{full_campaign}/test", managers()),
    Line("post", "/api/v1/campaigns/{sending}/pause", managers()),
    Line("post", "/api/v1/campaigns/{paused}/resume", managers()),
    Line("post", "/api/v1/campaigns/{sending}/cancel", managers()),
    Line("post", "/api/v1/quotes/{sent_quote}/approve", owners()),
    Line("post", "/api/v1/quotes/{sent_quote}/reject", owners(), body={"reason": "Too dear"}),
    Line("post", "/api/v1/quotes/{quote}/cancel", owners()),
    Line("get", "/api/v1/contracts", outsider=200),
    Line("post", "/api/v1/contracts", managers(201), outsider=422, body=new_document),
    Line("get", "/api/v1/contracts/{contract}", everybody() | {"colleague": 404}),
    Line("put", "/api/v1/contracts/{contract}", writers(), body={"title": "Changed"}),
    Line("delete", "/api/v1/contracts/{contract}", writers()),
    Line("get", "/api/v1/contracts/{contract}/pdf", everybody() | {"colleague": 404}),
    Line("get", "/api/v1/contracts/{contract}/mails", everybody() | {"colleague": 404}),
    Line("post", "/api/v1/contracts/{contract}/send", writers()),
    Line("post", "/api/v1/contracts/{contract}/sign", writers(), body={"client_name": "Eve"}),
    Line("post", "/api/v1/contracts/{contract}/cancel", writers()),
    Line("get", "/api/v1/invoices", outsider=200),
    Line("post", "/api/v1/invoices", managers(201), outsider=422, body=new_document),
    Line("get", "/api/v1/invoices/{invoice}", everybody() | {"colleague": 404}),
    Line("put", "/api/v1/invoices/{invoice}", writers(), body={"title": "Changed"}),
    Line("delete", "/api/v1/invoices/{invoice}", writers()),
    Line("get", "/api/v1/invoices/{invoice}/pdf", everybody() | {"colleague": 404}),
    Line("get", "/api/v1/invoices/{invoice}/mails", everybody() | {"colleague": 404}),
    Line("post", "/api/v1/invoices/{invoice}/send", writers()),
    Line("post", "/api/v1/invoices/{invoice}/cancel", writers()),
    Line("get", "/api/v1/contacts/{contact}/statement", everybody() | {"colleague": 404}),
    Line("get", "/api/v1/companies/{client}/statement", everybody() | {"colleague": 404}),
    Line("get", "/api/v1/payments", outsider=200),
    Line("post", "/api/v1/payments", managers(201), outsider=422, body=new_payment),
    Line("get", "/api/v1/payments/{payment}", everybody() | {"colleague": 404}),
    Line("put", "/api/v1/payments/{payment}", writers(), body={"reference": "Changed"}),
    Line("delete", "/api/v1/payments/{payment}", writers()),
    Line("post", "/api/v1/payments/{payment}/refund", writers(), body={"amount": 1}),
    # Web forms
    public("get", "/api/forms/{form_key}"),
    public("post", "/api/forms/{form_key}/submit", body=VISITOR),
    public("get", "/f/embed.js"),
    public("get", "/f/{form_key}"),
    public("get", "/f/{form_key}/thanks"),
    Line("get", "/api/v1/forms", outsider=200),
    Line("post", "/api/v1/forms", managers(201), outsider=201, body={"name": "New"}),
    Line("get", "/api/v1/forms/{form}"),
    Line("put", "/api/v1/forms/{form}", managers(), body={"name": "Changed"}),
    Line("delete", "/api/v1/forms/{form}", managers()),
    Line("post", "/api/v1/forms/{form}/rotate-key", managers()),
    Line("get", "/api/v1/forms/{form}/submissions"),
    # analytics
    Line("get", "/prospects/client-analytics", outsider=200),
    Line("get", "/prospects/client-analytics/rows", outsider=200),
    Line("post", "/crm/analytics/sync", everybody(401), outsider=401),
]


def routes() -> Iterator[tuple[str, str]]:
    """Yield (method, path with each parameter as {}) of everything but the back office."""

    def walk(patterns: Any, prefix: str) -> Iterator[tuple[str, str]]:
        for entry in patterns:
            path = prefix + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield from ((method, path) for method in methods_of(entry.callback))
            elif path != "/admin/":
                yield from walk(entry.url_patterns, path)

    for method, path in walk(get_resolver().url_patterns, "/"):
        yield method, shape(path)


def methods_of(view: Any) -> list[str]:
    """Return the methods a view answers to; a plain function answers questions only."""
    if hasattr(view, "actions"):
        return [method for method in METHODS if method in view.actions]
    if hasattr(view, "cls"):
        return [method for method in METHODS if hasattr(view.cls, method)]
    return ["get"]


def shape(path: str) -> str:
    return re.sub(r"<[^>]*>|{[^}]*}", "{}", path.partition("?")[0])


class TestTable:
    def test_has_every_route(self):
        missing = set(routes()) - {(line.method, shape(line.path)) for line in TABLE}
        assert not missing, "These routes need a line in TABLE."

    def test_has_no_route_that_is_gone(self):
        gone = {(line.method, shape(line.path)) for line in TABLE} - set(routes())
        assert not gone

    def test_has_a_status_for_each_role(self):
        assert all(set(line.roles) == set(ROLES) for line in TABLE)


class TestRoute:
    @pytest.mark.parametrize("line", TABLE, ids=str)
    def test_answers_each_caller_as_the_table_says(self, line, team, rivals):
        path = line.path.format(
            **{name: PLACES[name](team) for name in re.findall(r"{(\w+)}", line.path)}
        )
        body = line.body(team) if callable(line.body) else line.body
        clients = {role: person.client for role, person in team.everybody.items()}
        clients |= {"outsider": rivals.ada.client, "stranger": APIClient()}
        answers = {
            caller: attempt(client, line.method, path, body) for caller, client in clients.items()
        }
        expected = line.roles | {"outsider": line.outsider, "stranger": line.stranger}
        assert {caller: answer.status_code for caller, answer in answers.items()} == expected
        if line.stranger == 401:
            assert b"acme" not in answers["outsider"].content.lower()


def attempt(client: APIClient, method: str, path: str, body: Any) -> Any:
    """Send a request whose changes are undone, so that the next caller finds what this one did."""
    client.raise_request_exception = False
    with transaction.atomic():
        extra = {} if method == "get" else {"data": body, "format": "json"}
        answer = getattr(client, method)(path, **extra)
        transaction.set_rollback(True)
    return answer

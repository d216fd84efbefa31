"""One row of every model that the back office shows, for tests that look at all of its pages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.utils import timezone

from accounts.models import BulkJob, Notification, SavedView, Tenant, User
from accounts.notifications.services import Notice, notify_users
from accounts.webhooks.outbox import emit
from accounts.webhooks.services import create_endpoint
from analytics.models import Snapshot, SyncLog
from clients.companies.services import create_company, delete_company
from clients.merging.services import merge_prospects
from clients.models import Company
from core.tenancy import tenant_scope
from prospects.catalogs.services import CATALOGS
from prospects.followups.services import add_note
from prospects.models import (
    Contact,
    ImportJob,
    RespondioAccount,
    RespondioDelivery,
)
from prospects.pipeline.deleting import delete_prospect
from prospects.pipeline.services import create_prospect
from prospects.sharing.services import share_prospect
from sales.activities.services import create_activity
from sales.campaigns.services import create_campaign
from sales.contracts.services import create_contract, delete_contract
from sales.deals.services import create_deal, delete_deal
from sales.events.attending import add_attendee
from sales.events.services import create_event
from sales.forms.services import create_form
from sales.invoices.services import create_invoice, delete_invoice, send_invoice
from sales.mass_mail.services import send_campaign
from sales.mass_mail.suppressed import suppress_by_hand
from sales.models import FormSubmission, ProductCategory, Segment, Settlement, Stage
from sales.payments.services import delete_payment, record_payment
from sales.products.services import create_product
from sales.quotes.services import create_quote, delete_quote
from tests.clients.operations.accounts import month, recharge, shipment
from tests.people import Team
from tests.prospects.cards_of import card


def add_documents(contact: Contact, **by: Any) -> None:
    """A quote, a contract, and an invoice that was paid in part."""
    line = {"description": "Acme's line", "quantity": 2, "unit_price": 50}
    about = {"contact_id": contact.pk, "title": "Acme's"}
    create_quote(values=about, lines=[line], **by)
    create_contract(values=about, **by)
    bill = create_invoice(values=about, lines=[line], **by)
    send_invoice(invoice_id=bill.pk, **by)
    record_payment(invoice_id=bill.pk, values={"amount": Decimal(1)}, **by)
    twice = record_payment(invoice_id=bill.pk, values={"amount": Decimal(1)}, **by)
    delete_payment(payment_id=twice.pk, **by)
    lost = create_quote(values=about, lines=[line], **by)
    delete_quote(quote_id=lost.pk, **by)
    lost = create_contract(values=about, **by)
    delete_contract(contract_id=lost.pk, **by)
    lost = create_invoice(values=about, lines=[line], **by)
    delete_invoice(invoice_id=lost.pk, **by)


def add_campaign(**by: Any) -> None:
    """A campaign that is being sent to everybody, and an address that gets none."""
    everybody = Segment.objects.create(name="Everybody at Acme")
    texts = {"name": "Acme's news", "subject": "News", "content": "<p>Hello</p>"}
    made = create_campaign(values={**texts, "segment_id": everybody.pk}, **by)
    send_campaign(campaign_id=made.pk, **by)
    suppress_by_hand(address="no@acme.test", note="", **by)


def a_row_of_each(team: Team) -> dict[Any, Any]:
    """One row of every model that the back office shows, of the team's tenant."""
    made = card(team, owner=team.ada, email="lead@acme.test", company_name="Acme Corp")
    with tenant_scope(team.tenant.pk):
        at = timezone.now()
        add_note(prospect_id=made.pk, note="called", by=team.ada.user, at=at)
        acme = Company.objects.create(prospect=made)
        for operation in (recharge(acme), shipment(acme), month(acme, 3, 2)):
            operation.save()
        delete_prospect(prospect_id=create_prospect(values={"name": "Gone"}, at=at).pk, at=at)
        gone = create_company(card={"name": "Gone too"}, details={}, at=at)
        delete_company(company_id=gone.pk, at=at)
        twin = create_prospect(values={"name": "Twin"}, at=at)
        twins = {"prospect_id": made.pk, "from_id": twin.pk, "fields": {}}
        merge_prospects(**twins, by=team.ada.user, at=at)
        share_prospect(prospect_id=made.pk, user_id=team.bob.id, level="view", by=team.ada.user)
        RespondioAccount.objects.create(token="secret")
        RespondioDelivery.objects.create(prospect=made, due_at=at)
        told = {"type": "told", "key": "once", "title": "Acme is yours", "body": "", "url": ""}
        notify_users([Notice(user_id=team.ada.id, **told)])
        kept = {"list_name": "prospects.prospect", "name": "Acme", "is_shared": True}
        SavedView.objects.create(**kept, owner=team.ada.user)
        asked = {"kind": "export", "list_name": "prospects.prospect", "key": "once"}
        BulkJob.objects.create(**asked, created_by=team.ada.user)
        create_endpoint(url="https://hooks.acme.test/", events=["contact.created"])
        emit({"contact.created": lambda: [{"id": 1}]})
        SyncLog.objects.create(status="done", is_full=True, started_at=at, watermark=at, cursor=0)
        Snapshot.objects.create(key="k", payload="{}", computed_at=at, expires_at=at)
        ImportJob.objects.create(file_name="leads.csv", created_by=team.ada.user)
        by = {"by": team.ada.user, "at": at}
        stage = Stage.objects.in_order().first()
        create_deal(values={"name": "Acme's deal"}, stage_id=stage.pk, **by)
        lost = create_deal(values={"name": "Gone"}, stage_id=stage.pk, **by)
        delete_deal(deal_id=lost.pk, **by)
        create_product(values={"name": "Acme's product", "unit_price": 1})
        ProductCategory.objects.create(name="Acme's shelf")
        create_activity(values={"subject": "Call Acme", "type": "call"}, **by)
        add_documents(Contact.objects.get(prospect=made, is_primary=True), **by)
        add_campaign(**by)
        for model in CATALOGS.values():
            model.objects.create(name="one more", position=99)
        coming = {"start_at": at + timedelta(days=1), "end_at": at + timedelta(days=2)}
        party = create_event(values={"title": "Acme's party", "type": "social", **coming}, **by)
        for each in (team.bob, team.victor):
            add_attendee(event_id=party.pk, user_id=each.id, **by)
        Settlement.objects.get_or_create(code="64000", name="Acme")
        Segment.objects.create(name="Acme's people")
        asked = create_form(values={"name": "Acme's form"}, by=team.ada.user)
        FormSubmission.objects.create(form=asked, data={"message": "Acme"})
        found = {
            model: model._default_manager.first()
            for model in admin.site._registry
            if model not in (User, Tenant)
        }
        found[Notification] = Notification.objects.get(user=team.ada.user)
    return {**found, User: team.bob.user, Tenant: team.tenant}

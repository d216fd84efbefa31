from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SalesConfig(AppConfig):
    """Selling: the sales API under /api/v1, over the same people and companies."""

    name = "sales"
    verbose_name = _("Sales")

    def ready(self) -> None:
        import_module("sales.deals.checks")
        import_module("sales.documents.checks")
        import_module("sales.payments.checks")
        import_module("sales.payments.keeping")
        from anymail.signals import tracking
        from corsheaders.signals import check_request_enabled

        from accounts.tenants.signals import tenant_created
        from accounts.users.leaving import add_handover
        from accounts.webhooks.events import add_events
        from sales.activities.handover import hand_over_activities_of
        from sales.deals.announcing import EVENTS as DEAL_EVENTS
        from sales.deals.handover import hand_over_deals_of
        from sales.documents.announcing import EVENTS
        from sales.events.announcing import EVENTS as EVENT_EVENTS
        from sales.events.handover import hand_over_events_of
        from sales.forms.handover import hand_over_forms_of
        from sales.mass_mail.finishing import EVENTS as CAMPAIGN_EVENTS
        from sales.payments.handover import hand_over_documents_of
        from sales.pipelines.defaults import create_defaults
        from sales.submitting.cors import allow_origins_of_form
        from sales.submitting.telling import EVENTS as FORM_EVENTS
        from sales.tracking.providers import note_event

        tracking.connect(note_event, dispatch_uid="sales.tracking")
        tenant_created.connect(create_defaults, dispatch_uid="sales.defaults")
        add_handover("deals", hand_over_deals_of)
        add_handover("activities", hand_over_activities_of)
        add_handover("documents", hand_over_documents_of)
        add_handover("events", hand_over_events_of)
        add_handover("forms", hand_over_forms_of)
        check_request_enabled.connect(allow_origins_of_form, dispatch_uid="sales.forms")
        add_events({**EVENTS, **DEAL_EVENTS, **EVENT_EVENTS, **CAMPAIGN_EVENTS, **FORM_EVENTS})

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProspectsConfig(AppConfig):
    """The pipeline: cards, their people, notes and imports."""

    name = "prospects"
    verbose_name = _("Prospecting")

    def ready(self) -> None:
        import prospects.card_contacts.checks  # noqa: F401 (registers itself)
        from accounts.tenants.signals import tenant_created
        from accounts.users.leaving import add_handover
        from accounts.webhooks.events import add_events
        from prospects.pipeline import announcing, handover
        from prospects.pipeline.defaults import create_defaults
        from prospects.pipeline.signals import prospects_created
        from prospects.respondio.services import on_prospects_created

        tenant_created.connect(create_defaults, dispatch_uid="prospects.defaults")
        prospects_created.connect(on_prospects_created, dispatch_uid="prospects.respondio")
        add_handover("prospects", handover.hand_over_cards_of)
        add_handover("contacts", handover.hand_over_contacts_of)
        add_handover("parts", handover.hand_over_parts_of)
        prospects_created.connect(
            announcing.on_prospects_created, dispatch_uid="prospects.webhooks"
        )
        add_events(
            {
                "prospect.created": _("Prospect created"),
                "prospect.moved": _("Prospect moved to another category"),
                "contact.created": _("Contact created"),
                "contact.updated": _("Contact changed"),
            }
        )

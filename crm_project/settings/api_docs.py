"""How the APIs are described: /api/schema and /api/docs."""

from __future__ import annotations

from typing import Any

from crm_project.openapi.tags import TAGS

DESCRIPTION = """
The CRM API at the root (prospects and clients) and the sales API under /api/v1, over the same rows.

- **Token**: `POST /api/v1/auth/login` answers one; sent as `Authorization: Bearer …` it opens both.
- **Bodies** are JSON in UTF-8, whatever their `Content-Type`. Fields and query parameters that are
  not known are ignored; a number may be sent as its text.
- **Errors** have one shape for each API. A fault of ours is a 500 with an id to quote.
- **Limits**: `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds) tell of the limit that is
  nearest: of the user, of their tenant or of the address. Beyond it a 429 says by `Retry-After`
  when to come back.
- Every answer carries `X-Request-ID`, yours if you send one.
"""
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "CRM API",
    "VERSION": "1.0.0",
    "DESCRIPTION": DESCRIPTION,
    "OAS_VERSION": "3.1.0",
    "TAGS": TAGS,
    "PATH_CONVERTER_OVERRIDES": {"id": {"type": "integer", "minimum": 0}},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "crm_project.openapi.finishing.finish",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "ProspectTypeEnum": "prospects.pipeline.models.Prospect.Type",
        "ActivityTypeEnum": "sales.activities.models.Activity.Type",
        "ActivityStatusEnum": "sales.activities.models.Activity.Status",
        "AttendeeStatusEnum": "sales.events.models.Attendee.Status",
        "EventAnswerEnum": "sales.events.serializers.ANSWERS",
        "StageKindEnum": "sales.pipelines.models.Stage.Kind",
        "LocationTypeEnum": "prospects.locations.models.Location.Type",
        "IntegrationStatusEnum": "clients.integrations.models.Integration.Status",
        "QuoteStatusEnum": "sales.quotes.models.Quote.Status",
        "InvoiceStatusEnum": "sales.invoices.models.Invoice.Status",
        "ContractStatusEnum": "sales.contracts.models.Contract.Status",
        "ActionEnum": "prospects.followups.models.FollowUpNote.Action",
        "ClientActionEnum": "sales.portal.models.ClientAct.Action",
        "DeliveryStatusEnum": "sales.mailing.models.DocumentMail.Status",
        "CampaignStatusEnum": "sales.mass_mail.models.Campaign.Status",
        "RecipientStatusEnum": "sales.mass_mail.models.CampaignRecipient.Status",
        "PaymentStatusEnum": "sales.payments.models.Payment.Status",
        "SegmentTypeEnum": "sales.segments.models.Segment.Type",
        "OnboardingStatusEnum": "clients.onboarding.models.Onboarding.Status",
    },
}

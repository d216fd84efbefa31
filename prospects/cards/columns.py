"""Which columns of a card its page shows where, and which a change put back may set."""

WHO = ("company_name", "name", "email", ("phone_code", "phone"), "external_id", "type", "owner")
FOLLOW_UP = (
    "category",
    ("account_value", "locale"),
    ("account_type", "channel"),
    ("monthly_shipments", "ecommerce_type"),
    ("weight_range", "content"),
    ("plan_type", "lead_status"),
    ("campaign", "onboarding_status"),
    ("estimated_close_date", "commercial_offer_date"),
    "annotations",
    "verified_at",
)
TEAM = (
    ("team_kae", "team_kae_ltl"),
    ("team_csr", "team_csr_ltl"),
    ("team_fulfillment", "team_wms"),
    ("team_ecartpay", "team_parapaquetes"),
)
PUT_BACK = frozenset(
    (
        *("company_name", "name", "email", "phone_code", "phone", "external_id", "owner_id"),
        *("category_id", "account_value", "locale_id", "account_type", "channel"),
        *("monthly_shipments", "ecommerce_type_id", "weight_range_id", "content_id"),
        *("plan_type_id", "lead_status_id", "campaign_id", "onboarding_status_id"),
        *("estimated_close_date", "commercial_offer_date", "annotations", "verified_at"),
    )
)
DERIVED = (
    "category_changed_at",
    "first_contact_at",
    "last_contact_at",
    "next_contact_at",
    "created_at",
    "updated_at",
)
MORE = (
    "email",
    "full_phone",
    "type",
    "campaign",
    "lead_status",
    "channel",
    "monthly_shipments",
    "estimated_close_date",
    "commercial_offer_date",
    "first_contact",
    "external_id",
)

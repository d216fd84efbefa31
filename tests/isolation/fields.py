"""Which fields of bodies and which query parameters name rows, and of what.

Whatever is a number or is called an id stands here, as a link or with the reason why it is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.schema_of import schema

# What is named → as which fields of bodies (`[]`: each of a list, `*`: each value of an object).
IN_BODIES = {
    "person": ("user_id", "user_ids[]", "owner_id", "created_by", "hand_over_to", "assignments.*"),
    "contact": ("contact_id", "contact_ids[]"),
    "client": ("company_id",),
    "prospect": ("prospect_id",),
    "twin": ("from_id",),
    "deal": ("deal_id",),
    "approved_quote": ("quote_id",),
    "sent_invoice": ("invoice_id",),
    "product": ("items[].product_id",),
    "product_category": ("category_id",),
    "only_pipeline": ("pipeline_id",),
    "first_stage": ("stage_id",),
    "segment": ("segment_id",),
    "merge": ("merge_id",),
    "category": ("follow_up_id", "follow"),
    "acquisition_campaign": ("campaign_id",),
    "content": ("content_id",),
    "ecommerce_type": ("ecommerce_type_id",),
    "lead_status": ("lead_status_id",),
    "onboarding_status": ("onboarding_status_id",),
    "plan_type": ("plan_type_id",),
    "weight_range": ("weight_id",),
    "service": ("services[]",),
    "partner_type": ("partner_type_id",),
    "partner_origin": ("partner_origin_id",),
}
# The type beside it says of what.
BY_TYPE = {"activitable_id": ("contact", "deal", "client")}
IN_QUERIES = {
    "person": (
        *("user_id", "owner_id", "salesman", "kae", "kae_ltl", "csr", "csr_ltl"),
        *("fullfilment", "wms", "ecartpay", "parapaquetes"),
    ),
    "contact": ("contact_id",),
    "client": ("company_id",),
    "deal": ("deal_id",),
    "quote": ("quote_id",),
    "sent_invoice": ("invoice_id",),
    "product_category": ("category_id",),
    "only_pipeline": ("pipeline_id",),
    "first_stage": ("stage_id",),
    "segment": ("segment_id",),
    "category": ("category", "follow"),
    "acquisition_campaign": ("campaing",),
    "content": ("contentId",),
    "ecommerce_type": ("ecommerce",),
    "lead_status": ("leadStatus",),
    "onboarding_status": ("onboarding",),
    "plan_type": ("planTypeId",),
    "weight_range": ("weightRange",),
}
NO_LINKS = {
    "a number": "position probability default_probability stages[].position max_attendees rating "
    "stages[].default_probability remind_before[] min_seconds monthly_shipments per_stage "
    "campaign_mails_per_minute document_link_days remind_days_after[] remind_days_before[]",
    "a place in a list": "page per_page start length notes_before cursor",
    "a country, which is everybody's": "locale locale_id localeIds",
    "an id of somebody else's": "tax_id external_id",
    "which of two cards' values is kept": "fields.*",
    "the row itself, which the path names": "id",
    "a word": "whom fields[].type action account_type status type activitable_type source stage "
    "tier product figure state method verdict event lifecycle_stage industry report sort sortBy "
    "sortType counters translate fields search",
    "whatever a form or a file asks; it names no rows": "*",
    "read by what the condition is about": "conditions[].value",
    "a moment": "updated_since from to startDate endDate upcoming "
    "nextContact estimatedCloseDate commercialOfferDate estimatedCloseMonth",
    "a yes or no": "unread_only active_only is_active hasRecharge",
    "a count": "minShipments",
}


class Place(NamedTuple):
    """A field or parameter of an operation."""

    method: str
    path: str
    name: str  # as in the tables above

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.name}"


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each operation with its method and path."""
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def parameters() -> list[Place]:
    """All query parameters."""
    return [
        Place(method, path, each["name"].partition("[")[0])
        for method, path, operation in operations()
        for each in operation.get("parameters", ())
        if each["in"] == "query"
    ]


def fields() -> list[Place]:
    """The fields of JSON bodies that may name a row: numbers, and what is called an id."""
    found = []
    for method, path, operation in operations():
        for content in operation.get("requestBody", {}).get("content", {}).values():
            leaves = _leaves(content.get("schema", {}), "")
            names = {_known_as(name) for name, each in leaves if _may_name_a_row(name, each)}
            found += [Place(method, path, name) for name in sorted(names)]
    return list(dict.fromkeys(found))


def _known_as(name: str) -> str:
    return "fields.*" if name.startswith("fields.") else name


def _may_name_a_row(name: str, part: dict[str, Any]) -> bool:
    said = part.get("type")
    is_number = "integer" in (said if isinstance(said, list) else [said])
    return is_number or said is None or name == "id" or name.endswith(("_id", "_ids[]"))


def _leaves(part: dict[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    while "$ref" in part:
        part = schema()["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    for kind in ("allOf", "oneOf", "anyOf"):
        for each in part.get(kind, ()):
            yield from _leaves(each, name)
    if "items" in part:
        yield from _leaves(part["items"], f"{name}[]" if name else "")
    inside = dict(part.get("properties", {}))
    if isinstance(part.get("additionalProperties"), dict):
        inside["*"] = part["additionalProperties"]
    for key, each in inside.items():
        yield from _leaves(each, f"{name}.{key}" if name else key)
    if "items" not in part and not inside:
        yield name, part

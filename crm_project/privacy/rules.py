"""What is erased of a person, table by table.

The names in the statements: `contacts` (the person's rows), `cards` (theirs: of which they are the
primary contact), `alone` (of these, those without a company and other people), `emails`. What is
kept stands in KEPT, with the reason.
"""

from __future__ import annotations

ERASED = "[erased]"
# What a card has of its primary contact: JSON of imports and merges has the same names.
PERSONAL = "'{name,email,phone_code,phone,first_name,last_name,annotations,search_text}'::text[]"
OF_DOCUMENT = """
    {document}_id IN (SELECT id FROM sales_{document}
                      WHERE tenant_id = %(tenant)s AND contact_id = ANY(%(contacts)s))
"""
REACHED = "email = '', phone_code = '', phone = ''"
MORE = "more_emails = '{}', more_phones = '[]', custom_fields = '{}', city = '', position = ''"
OF_EVENT = """
    attendee_id IN (SELECT id FROM sales_attendee
                    WHERE tenant_id = %(tenant)s AND contact_id = ANY(%(contacts)s))
"""

# Each: the table, what is set, where. What histories have of it: erasing.py.
UPDATES: tuple[tuple[str, str, str], ...] = (
    ("prospects_contact", f"{REACHED}, {MORE}", "id = ANY(%(contacts)s)"),
    ("prospects_prospect", f"{REACHED}, search_text = ''", "id = ANY(%(cards)s)"),
    ("prospects_prospect", "annotations = ''", "id = ANY(%(alone)s)"),
    ("prospects_followupnote", "note = %(erased)s", "contact_id = ANY(%(contacts)s)"),
    ("prospects_followupnote", "note = %(erased)s", "prospect_id = ANY(%(alone)s)"),
    ("prospects_location", "name = %(erased)s, link = ''", "prospect_id = ANY(%(alone)s)"),
    ("prospects_partnerdata", "url = '', social_network = ''", "prospect_id = ANY(%(alone)s)"),
    ("prospects_importrow", "cells = '{}'", "prospect_id = ANY(%(cards)s)"),
    (
        "prospects_importrow",
        f"values = values - {PERSONAL}, before = before - {PERSONAL}",
        "prospect_id = ANY(%(cards)s)",
    ),
    ("prospects_importrow", "cells = '{}'", "cells::text ILIKE ANY(%(mentions)s)"),
    (
        "clients_cardmerge",
        f"values = values - {PERSONAL}",
        "survivor_id = ANY(%(cards)s) OR merged_id = ANY(%(cards)s)",
    ),
    ("clients_company", "email = ''", "lower(email) = ANY(%(emails)s)"),
    ("sales_activity", "subject = %(erased)s, notes = ''", "contact_id = ANY(%(contacts)s)"),
    ("sales_campaignrecipient", "address = '', answer = ''", "contact_id = ANY(%(contacts)s)"),
    ("sales_eventmail", "recipient = '', name = '', answer = ''", OF_EVENT),
    (
        "sales_formsubmission",
        "data = '{}', ip_address = NULL, user_agent = '', origin = ''",
        "contact_id = ANY(%(contacts)s) OR data::text ILIKE ANY(%(mentions)s)",
    ),
    (
        "accounts_webhookdelivery",
        "data = jsonb_build_object('id', object_id), answer = ''",
        "(event LIKE 'contact.%%' AND object_id = ANY(%(contacts)s)) "
        "OR data::text ILIKE ANY(%(mentions)s)",
    ),
    (
        "accounts_notification",
        "title = %(erased)s, body = ''",
        "title ILIKE ANY(%(mentions)s) OR body ILIKE ANY(%(mentions)s)",
    ),
    *(
        (
            "sales_documentmail",
            "recipient = '', subject = '', message = '', answer = ''",
            OF_DOCUMENT.format(document=document),
        )
        for document in ("quote", "contract", "invoice")
    ),
)
DELETIONS: tuple[tuple[str, str], ...] = (
    ("sales_segmentmember", "contact_id = ANY(%(contacts)s)"),
    # What was answered to requests that may be repeated for a day.
    ("core_answeredrequest", "convert_from(body, 'UTF8') ILIKE ANY(%(mentions)s)"),
)
# Tables that may go on saying who it was, and why.
KEPT = {
    "sales_suppressedaddress": "so that nobody writes to this address again",
    "sales_clientact": "evidence of what a client approved, with the document",
    "sales_signature": "evidence of what a client signed, with the contract",
}

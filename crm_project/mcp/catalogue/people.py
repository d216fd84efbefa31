"""Contacts."""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, Field

from crm_project.mcp import answers
from crm_project.mcp.asking import Route
from crm_project.mcp.showing import many, one
from crm_project.mcp.tools import ADDS, READS, Arguments, Repeatable, Result, asked, tool
from crm_project.mcp.visits import Visit
from prospects.contacts.models import LifecycleStage

LIST = Route("GET", "/api/v1/contacts")
ONE = Route("GET", "/api/v1/contacts/{contact_id}")
ADD = Route("POST", "/api/v1/contacts")
STAGES: dict[str, Any] = {"enum": list(LifecycleStage.values)}
THEN = ("leader_create_deal", "leader_create_quote", "leader_create_activity")


class SearchContacts(Arguments):
    search: str | None = Field(None, description="Part of a name, email, phone or company.")
    lifecycle_stage: str | None = Field(None, json_schema_extra=STAGES)
    owner_id: int | None = None
    company_id: int | None = None
    sort: str | None = Field(None, description="Such as -lead_score, first_name, -created_at.")
    page: int | None = None
    per_page: int | None = Field(None, description="25 unless you say; at most 100.")


class GetContact(Arguments):
    contact_id: int = Field(validation_alias=AliasChoices("contact_id", "id"))


class Email(Arguments):
    email: str


class Phone(Arguments):
    phone: str = Field(description="Such as +52 55 1234 5678.")
    type: str | None = Field(None, description="Such as mobile or office.")


class CreateContact(Repeatable):
    first_name: str
    last_name: str | None = None
    emails: list[Email] | None = None
    phones: list[Phone] | None = None
    job_title: str | None = None
    company_id: int | None = None
    owner_id: int | None = Field(None, description="You, unless you say.")
    lifecycle_stage: str | None = Field(None, json_schema_extra=STAGES)
    source: str | None = None
    city: str | None = None
    country: str | None = None
    custom_fields: dict[str, str | int | float | bool | None] | None = None
    allow_duplicate: bool | None = Field(
        None, description="false: refuse when a contact you see has the email already."
    )


@tool(LIST, title="Search contacts", answers=answers.ContactPage, effect=READS)
def leader_search_contacts(visit: Visit, sent: SearchContacts) -> Result:
    """Search people by name, email, phone or company, by lifecycle stage and owner."""
    return many(visit, "contact", asked(visit, LIST, sent), ("leader_get_contact", *THEN))


@tool(ONE, title="Read a contact", answers=answers.OneContact, effect=READS)
def leader_get_contact(visit: Visit, sent: GetContact) -> Result:
    """Read one contact whole."""
    return one(visit, "contact", asked(visit, ONE, sent)["data"], THEN)


@tool(ADD, title="Create a contact", answers=answers.OneContact, effect=ADDS)
def leader_create_contact(visit: Visit, sent: CreateContact) -> Result:
    """Create a person. Search first: `duplicate_of` names a contact that had the email already."""
    answer = asked(visit, ADD, sent)
    more = {"duplicate_of": answer["duplicate_of"]} if answer.get("duplicate_of") else {}
    return one(visit, "contact", answer["data"], THEN, **more)

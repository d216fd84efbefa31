"""A person is forgotten: afterwards nothing in the whole database knows them."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from core.tenancy import across_tenants, tenant_scope
from crm_project.privacy.rules import KEPT
from crm_project.privacy.tables import tables_of_tenants
from prospects.followups.services import add_note
from prospects.models import Contact, Prospect
from tests.people import Team
from tests.prospects.cards_of import card
from tests.prospects.imports.plans import bring_in
from tests.sales.activities.activities_of import CONTACT, about, activity
from tests.sales.campaigns.campaigns_of import campaign
from tests.sales.documents.documents_of import sent_quote
from tests.sales.events.events_of import add, event
from tests.sales.forms.forms_of import web_form

pytestmark = pytest.mark.django_db

EMAIL, PHONE, FIRST, LAST = "zyxwv@qqtest.example", "5599988877", "Zyxwvina", "Qquuxt"
WORDS = (EMAIL, PHONE, FIRST, LAST)


def tables_that_know() -> set[str]:
    """The tables of which a row says who it was."""
    with across_tenants(), connection.cursor() as cursor:
        found = set()
        for table in tables_of_tenants():
            where = " OR ".join(["t::text ILIKE %s"] * len(WORDS))
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {table.name} t WHERE {where})",
                [f"%{word}%" for word in WORDS],
            )
            if cursor.fetchone()[0]:
                found.add(table.name)
        return found


def forget(team: Team, *words: str) -> str:
    said = StringIO()
    call_command("erase_person", team.tenant.slug, EMAIL, *words, stdout=said)
    return said.getvalue()


@pytest.fixture
def someone(team: Team) -> Prospect:
    """A card of a person alone, who was imported, edited, called, written to and invited."""
    with tenant_scope(team.tenant.pk):
        bring_in(
            f"""
            Nombre,Correo,Lada,Teléfono
            {FIRST} {LAST},{EMAIL},52,{PHONE}
            """,
            by=team.mona.user,
        )
        found = Prospect.objects.get(email=EMAIL)
        person = Contact.objects.get(email=EMAIL)
        add_note(
            prospect_id=found.pk, note=f"{FIRST} calls back", action="call", by=team.mona.user,
            at=timezone.now(),
        )  # fmt: skip
    changed = {"name": f"{FIRST} M. {LAST}"}
    assert team.mona.patch(f"/prospects/{found.pk}/data", changed).status_code == 200
    activity(team.mona, subject=f"Call {FIRST}", **about(CONTACT, person.pk))
    party = event(team.mona)
    add(team.mona, party["id"], contact_id=person.pk)
    assert team.mona.post(f"/api/v1/events/{party['id']}/invite").status_code == 200
    form = web_form(team.mona)
    visit = {"first_name": FIRST, "email": EMAIL, "form_started_at": 0}
    team.mona.post(f"/api/forms/{form['api_key']}/submit", visit)
    return found


class TestForgetting:
    def test_leaves_nothing_in_any_table(self, team: Team, someone: Prospect):
        before = tables_that_know()
        assert {"prospects_prospect", "prospects_contact", "prospects_importrow"} <= before
        assert {"prospects_prospectevent", "sales_activity", "sales_eventmail"} <= before
        said = forget(team)
        assert tables_that_know() <= set(KEPT), said
        assert "Still mentioned" not in said

    def test_of_a_person_of_a_company_leaves_its_card(self, team: Team):
        own = card(team, company_name="Acme", name=f"{FIRST} {LAST}", email=EMAIL, phone=PHONE)
        forget(team)
        with tenant_scope(team.tenant.pk):
            own.refresh_from_db()
        assert (own.company_name, own.name, own.email, own.deleted_at) == ("Acme", "", "", None)
        assert tables_that_know() == set()

    def test_deletes_a_card_that_is_theirs_alone(self, team: Team, someone: Prospect):
        forget(team)
        assert team.mona.get(f"/prospects/{someone.pk}").status_code == 404

    def test_says_where_a_text_still_has_them(self, team: Team, someone: Prospect):
        campaign(team.mona, name=f"News for {EMAIL}")
        assert "Still mentioned in 1 × sales_campaign" in forget(team)

    def test_is_refused_when_the_law_asks_to_keep_a_document(self, team: Team):
        own = card(team, owner=team.alice, name=f"{FIRST} {LAST}", email=EMAIL)
        with tenant_scope(team.tenant.pk):
            person = Contact.objects.get(prospect=own)
        sent_quote(team.alice, contact_id=person.pk)
        with pytest.raises(CommandError, match="it stays"):
            forget(team)
        said = forget(team, "--keep-documents")
        assert f"The name of contact {person.pk} stays" in said
        with tenant_scope(team.tenant.pk):
            person.refresh_from_db()
        assert (person.name, person.email) == (f"{FIRST} {LAST}", "")

    def test_leaves_whoever_has_another_address(self, team: Team, rivals: Team, someone: Prospect):
        theirs = card(rivals, name=f"{FIRST} {LAST}", email=EMAIL)
        other = card(team, name="Zyx Other", email="other@qqtest.example")
        forget(team)
        with across_tenants():
            theirs.refresh_from_db()
            other.refresh_from_db()
        assert (theirs.email, theirs.name) == (EMAIL, f"{FIRST} {LAST}")
        assert (other.email, other.name) == ("other@qqtest.example", "Zyx Other")

    def test_of_nobody_says_so(self, team: Team):
        with pytest.raises(CommandError, match="Nobody has the address"):
            call_command("erase_person", team.tenant.slug, "nobody@acme.test")

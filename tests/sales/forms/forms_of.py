"""Web forms for tests, made and sent through the APIs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from core.tenancy import across_tenants, tenant_scope
from sales.models import FormSubmission, WebForm
from sales.submitting.guarding import issue_token
from tests.people import Person, Team

FORMS = "/api/v1/forms"
SITE = "https://www.acme.test"
CARLOS = {
    "first_name": "Carlos",
    "last_name": "Martínez Díaz",
    "email": "cmartinez@miempresa.mx",
    "phone": "+52 33 1234 5678",
    "message": "Me interesa conocer sus servicios.",
}


def web_form(person: Person, **sent: Any) -> dict[str, Any]:
    """A form that somebody made, as it was answered."""
    answer = person.post(FORMS, {"name": "Contacto", "allowed_origins": [SITE], **sent})
    assert answer.status_code == 201, answer.content
    return answer.json()["data"]


def submit(form: dict[str, Any], sent: Any = None, **extra: Any) -> Any:
    """What a visitor is answered."""
    body = CARLOS if sent is None else sent
    return APIClient().post(f"/api/forms/{form['api_key']}/submit", body, format="json", **extra)


def taken(form: dict[str, Any], sent: Any = None, **extra: Any) -> FormSubmission:
    """What became of a submission that was taken."""
    answer = submit(form, sent, **extra)
    assert answer.status_code == 200, answer.content
    with across_tenants():
        rows = FormSubmission.objects.select_related("contact__prospect", "assigned_to")
        return rows.get(pk=answer.json()["submission_id"])


def shown_before(team: Team, form: dict[str, Any], seconds: int) -> str:
    """The token of a form that was shown so many seconds ago."""
    with tenant_scope(team.tenant.pk):
        made = WebForm.objects.get(pk=form["id"])
        return issue_token(made, at=timezone.now() - timedelta(seconds=seconds))

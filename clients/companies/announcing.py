"""What tenants' own systems are told about companies."""

from __future__ import annotations

from typing import Any

from accounts.webhooks.outbox import emit
from clients.companies.models import Company


def tell_created(company_id: int) -> None:
    """Tell that a company is new, in the transaction that writes it."""
    emit({"company.created": lambda: company_data(company_id)})


def tell_updated(company_id: int) -> None:
    """Tell that a company has changed, in the transaction that changes it."""
    emit({"company.updated": lambda: company_data(company_id)})


def company_data(company_id: int) -> list[dict[str, Any]]:
    """Return what is told about a company, with the names of the sales API."""
    plain = ("domain", "industry", "employee_range", "annual_revenue", "phone", "email", "tax_id")
    return [
        {
            "id": company.pk,
            "name": company.name,
            **{name: getattr(company, name) for name in plain},
            "prospect_id": company.prospect_id,
            "owner_id": company.prospect.owner_id,
            "created_at": company.created_at,
            "updated_at": company.updated_at,
        }
        for company in Company.objects.select_related("prospect").filter(pk=company_id)
    ]

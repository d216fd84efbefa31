"""All that a merge touches, as it stands in the database."""

from __future__ import annotations

from typing import Any

from clients.companies.models import Company
from clients.merging.relations import RULES, key_of
from core.checks import integrity_checks
from core.tenancy import tenant_scope
from prospects.models import Contact, Prospect
from tests.people import Team

# Written anew by every change, whatever it is.
_BOOKKEEPING = {"updated_at"}


def everything(team: Team) -> dict[str, list[dict[str, Any]]]:
    """Every column of the cards and of all that hangs on them, the ledger of merges aside."""
    models = {key_of(label).model for label, rule in RULES.items() if rule.which}
    with tenant_scope(team.tenant.pk):
        return {
            model._meta.label: [
                {name: value for name, value in row.items() if name not in _BOOKKEEPING}
                for row in model._base_manager.filter(tenant=team.tenant).order_by("pk").values()
            ]
            for model in sorted(models | {Prospect, Contact, Company}, key=lambda m: m.__name__)
        }


def nothing_is_wrong(team: Team) -> None:
    """What must always be true of the data is."""
    with tenant_scope(team.tenant.pk):
        assert [line for check in integrity_checks() for line in check.find()] == []

"""What must always be true of accounts: they say what their recharges, shipments and tiers say."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from clients.companies.models import Company
from core.checks import integrity_check
from core.tenancy import current_tenant
from prospects.pipeline.models import Prospect
from prospects.pipeline.moves import become_type_client

_COLUMNS = ("balance", "balance_currency", "first_recharge_at", "first_shipment_at", "tier")
_COMPUTED = """
    SELECT company.id,
        coalesce(recharge.amount, 0) - coalesce(shipment.charge, 0) AS balance,
        coalesce(recharge.currency, shipment.currency, '') AS balance_currency,
        recharge.first_at AS first_recharge_at, shipment.first_at AS first_shipment_at, latest.tier
    FROM clients_company AS company
    LEFT JOIN (
        SELECT company_id, sum(amount) AS amount, min(paid_at) AS first_at,
               min(currency) AS currency
        FROM clients_accountpayment WHERE tenant_id = %(tenant_id)s GROUP BY company_id
    ) AS recharge ON recharge.company_id = company.id
    LEFT JOIN (
        SELECT company_id, sum(charge) AS charge, min(shipped_at) AS first_at,
               min(currency) AS currency
        FROM clients_shipment WHERE tenant_id = %(tenant_id)s GROUP BY company_id
    ) AS shipment ON shipment.company_id = company.id
    LEFT JOIN (
        SELECT DISTINCT ON (company_id) company_id, tier FROM clients_monthlytier
        WHERE tenant_id = %(tenant_id)s ORDER BY company_id, month DESC
    ) AS latest ON latest.company_id = company.id
    WHERE company.tenant_id = %(tenant_id)s
"""
_KEPT = ", ".join(f"company.{name}" for name in _COLUMNS)
_TRUE = ", ".join(f"computed.{name}" for name in _COLUMNS)
_COMPARE = f"""
    SELECT company.id, {_KEPT}, {_TRUE}
    FROM clients_company AS company JOIN ({_COMPUTED}) AS computed USING (id)
    WHERE ({_KEPT}) IS DISTINCT FROM ({_TRUE}) ORDER BY company.id
"""
_REPAIR = f"""
    UPDATE clients_company AS company SET ({", ".join(_COLUMNS)}) = ({_TRUE})
    FROM ({_COMPUTED}) AS computed
    WHERE computed.id = company.id AND ({_KEPT}) IS DISTINCT FROM ({_TRUE})
"""
_HOLD = "LOCK TABLE clients_accountpayment, clients_shipment, clients_monthlytier IN SHARE MODE"


def rebuild_accounts() -> None:
    """Compute every account of the tenant anew. Writers of operations wait meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_HOLD)
        cursor.execute(_REPAIR, {"tenant_id": current_tenant()})


@integrity_check("accounts of companies", repair=rebuild_accounts)
def find_wrong_accounts() -> Iterator[str]:
    """Compare the accounts with what they are made of, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE, {"tenant_id": current_tenant()})
        for company_id, *values in cursor.fetchall():
            pairs = zip(_COLUMNS, values[: len(_COLUMNS)], values[len(_COLUMNS) :], strict=True)
            for name, kept, found in pairs:
                if kept != found:
                    yield f"company {company_id}: {name} is kept as {kept}, found {found}"


def make_clients() -> None:
    """Give the cards of companies with an operation the type of a client."""
    become_type_client(prospect_ids=list(_prospects_with_operations()))


@integrity_check("who recharged or shipped is a client", repair=make_clients)
def find_late_clients() -> Iterator[str]:
    """Cards that an operation should have made a client's: written past the services, by SQL."""
    for pk in _prospects_with_operations():
        yield f"prospect {pk} has operations and is no client"


def _prospects_with_operations() -> Iterator[int]:
    active = Company.objects.exclude(first_recharge_at=None, first_shipment_at=None)
    cards = {"prospect__type": Prospect.Type.PROSPECT, "prospect__deleted_at": None}
    prospects = active.filter(**cards).order_by("prospect_id")
    return iter(prospects.values_list("prospect_id", flat=True))
